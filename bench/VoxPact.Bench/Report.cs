using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxPact.Bench;

/// <summary>What a measurement came to: one table for people, and the same as JSON.</summary>
internal sealed class Report(string name, params string[] columns)
{
    private readonly List<object[]> _rows = [];

    public string Name => name;

    /// <summary>A cell for each column: a text, or a number with a format such as <c>F1</c>.</summary>
    public Report Add(params object[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"{name} has {columns.Length} columns, not {cells.Length}.");
        _rows.Add(cells);
        return this;
    }

    /// <summary>A number as it is printed; the JSON has it whole.</summary>
    public static object Number(double value, string format) => new Formatted(value, format);

    public void Print(TextWriter to)
    {
        string[][] texts = [[.. columns], .. _rows.Select(row => row.Select(Text).ToArray())];
        int[] widths = [.. columns.Select((_, i) => texts.Max(row => row[i].Length))];
        foreach (string[] row in texts)
            to.WriteLine(string.Join("  ", row.Select((text, i) =>
                i == 0 ? text.PadRight(widths[i]) : text.PadLeft(widths[i]))).TrimEnd());
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.AppendLine($"| {string.Join(" | ", columns)} |").AppendLine($"|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (object[] row in _rows) text.AppendLine($"| {string.Join(" | ", row.Select(Text))} |");
        return text.ToString();
    }

    /// <summary>Every report of a run with the machine that it ran on.</summary>
    public static void Write(string file, IEnumerable<Report> reports)
    {
        var all = new JsonObject
        {
            ["at"] = TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture),
            ["machine"] = Machine(),
        };
        foreach (var report in reports) all[report.Name] = report.Json();
        File.WriteAllText(file, all.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    private static JsonObject Machine() => new()
    {
        ["cores"] = Environment.ProcessorCount,
        ["processor"] = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[^1].Trim() : null,
        ["memory_mb"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
        ["system"] = RuntimeInformation.OSDescription,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
    };

    private JsonArray Json() => new([.. _rows.Select(row =>
    {
        var one = new JsonObject();
        for (int i = 0; i < columns.Length; i++)
            one[columns[i]] = row[i] switch
            {
                Formatted number => double.IsFinite(number.Value) ? JsonValue.Create(number.Value) : null,
                int whole => JsonValue.Create(whole),
                long whole => JsonValue.Create(whole),
                var other => JsonValue.Create(other.ToString()),
            };
        return (JsonNode)one;
    })]);

    private static string Text(object cell) => cell switch
    {
        Formatted number => number.Value.ToString(number.Format, CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private sealed record Formatted(double Value, string Format);
}

/// <summary>Numbers of repeated rounds.</summary>
internal static class Rounds
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>The latency that this share of the requests did not exceed, of stamps in any order.</summary>
    public static double Percentile(List<long> stamps, double share)
    {
        if (stamps.Count == 0) return 0;
        stamps.Sort();
        return stamps[(int)((stamps.Count - 1) * share)] * 1_000.0 / System.Diagnostics.Stopwatch.Frequency;
    }
}
