using System.Globalization;
using System.Text;
using VoxPact.Domain.Facts;

namespace VoxPact.Server.Webhooks;

/// <summary>The table of event types in docs/webhooks.md, made from <see cref="FactTypes"/>.</summary>
internal static class EventsDocument
{
    public static string Render()
    {
        var table = new StringBuilder("| Type | Who is told | What it means |\n|---|---|---|\n");
        foreach (var row in FactTypes.All)
            table.Append(
                CultureInfo.InvariantCulture, $"| `{row.Name}` | {row.Recipients} | {row.Meaning} |\n");
        return table.ToString();
    }
}
