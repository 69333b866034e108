using System.Text.Json;
using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// Compares an answer with an example: every member of the example must be there, at the same place, of the same kind
/// and with the same value. A text that ends in <c>...</c> stands for any text that goes on after what it begins with.
/// The answer may say more.
/// </summary>
internal static class Shape
{
    public static void Matches(string example, JsonElement answer) =>
        Compare(JsonElement.Parse(example), answer, "$", answer);

    private static void Compare(JsonElement example, JsonElement answer, string path, JsonElement whole)
    {
        Assert.True(Kind(example) == Kind(answer), $"{path} is {Kind(answer)} instead of {Kind(example)}: {whole}");
        switch (example.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in example.EnumerateObject())
                {
                    Assert.True(answer.TryGetProperty(member.Name, out var same), $"{path}.{member.Name} is missing: {whole}");
                    Compare(member.Value, same, $"{path}.{member.Name}", whole);
                }
                break;
            case JsonValueKind.Array:
                Assert.Equal(example.GetArrayLength(), answer.GetArrayLength());
                for (int i = 0; i < example.GetArrayLength(); i++) Compare(example[i], answer[i], $"{path}[{i}]", whole);
                break;
            case JsonValueKind.String:
                string expected = example.GetString()!, actual = answer.GetString()!;
                Assert.True(
                    expected.EndsWith("...", StringComparison.Ordinal)
                        ? actual.StartsWith(expected[..^3], StringComparison.Ordinal) && actual.Length > expected.Length - 3
                        : actual == expected,
                    $"{path} is {actual} instead of {expected}");
                break;
            default:
                Assert.Equal(example.GetRawText(), answer.GetRawText());
                break;
        }
    }

    private static JsonValueKind Kind(JsonElement element) =>
        element.ValueKind is JsonValueKind.False ? JsonValueKind.True : element.ValueKind;
}
