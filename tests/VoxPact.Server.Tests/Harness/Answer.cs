using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>What came back: the status, the headers, the bytes, and the bytes as JSON.</summary>
internal sealed record Answer(
    int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    private JsonElement? _json;

    public JsonElement Json => _json ??= JsonElement.Parse(Bytes);
    public JsonElement Data => Json.GetProperty("data");
    public string Text => Encoding.UTF8.GetString(Bytes);
    public string? ContentType => ContentHeaders.ContentType?.ToString();

    /// <summary>The code of a problem.</summary>
    public string Code => Json.GetProperty("code").GetString()!;

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>A member by its path, such as <c>data.next_action.who</c>.</summary>
    public JsonElement At(string path) =>
        path.Split('.').Aggregate(Json, (element, member) => element.GetProperty(member));

    public string? String(string path) => At(path).GetString();

    /// <summary>Fails, showing the body, unless the status is this.</summary>
    public Answer Expect(int status)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {Text}");
        return this;
    }

    /// <summary>Fails unless this is a problem with that status and code.</summary>
    public Answer Expect(int status, string code)
    {
        Expect(status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.True(Code == code, $"{Code} instead of {code}: {Text}");
        return this;
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return new Answer((int)response.StatusCode, response.Headers, response.Content.Headers,
                await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
