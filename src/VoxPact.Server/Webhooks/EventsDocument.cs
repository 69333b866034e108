using System.Globalization;
using System.Text;
using VoxPact.Domain;
using VoxPact.Domain.Facts;

namespace VoxPact.Server.Webhooks;

/// <summary>The table of event types in docs/webhooks.md, made from <see cref="FactTypes"/>.</summary>
internal static class EventsDocument
{
    public static string Render()
    {
        var table = new StringBuilder("| Type | Who is told | What it means | `data`, in parentheses if not always |\n"
            + "|---|---|---|---|\n");
        foreach (var row in FactTypes.Sent)
            table.Append(CultureInfo.InvariantCulture,
                $"| `{row.Name}` | {row.Recipients} | {row.Meaning} | {Members(EventShapes.Of(row.Type))} |\n");
        return table.ToString();
    }

    private static string Members(EventShape shape) => string.Join(", ", shape.Always.Select(name => $"`{name}`")
        .Concat(shape.Sometimes.Where(name => !EventShapes.OfEvery.Contains(name)).Select(name => $"(`{name}`)")));

    /// <summary>An example of each type, as endpoints are posted it.</summary>
    public static string RenderExamples()
    {
        var examples = new StringBuilder("```json\n");
        var policy = new Policy { Currency = "eur", CurrencyDecimals = 2 };
        foreach (var row in FactTypes.Sent)
            examples.Append(Encoding.UTF8.GetString(
                EventBody.Of(EventExamples.Of(row.Type), policy, "https://voxpact.example.com"))).Append('\n');
        return examples.Append("```\n").ToString();
    }
}
