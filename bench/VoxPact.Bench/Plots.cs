using System.Text.Json;
using ScottPlot;

namespace VoxPact.Bench;

/// <summary><c>plot</c>: draws throughput against connections and cost against stored jobs of a run's JSON.</summary>
internal static class Plots
{
    public static int Draw(string[] args)
    {
        if (args is not [var file, .. var rest])
        {
            Console.Error.WriteLine("plot needs the JSON of a run: plot FILE.json [FOLDER].");
            return 2;
        }
        string folder = rest is [var given, ..] ? given : ".";
        Directory.CreateDirectory(folder);
        using var run = JsonDocument.Parse(File.ReadAllBytes(file));
        Draw(run, "life", "connections", "lives/s", "connections", "life cycles a second",
            Path.Combine(folder, "life.png"), alsoBare: true);
        Draw(run, "growth", "jobs stored", "cost ratio", "jobs stored", "cost of a life cycle, 1 with 10,000 stored",
            Path.Combine(folder, "growth.png"), alsoBare: false);
        return 0;
    }

    private static void Draw(
        JsonDocument run, string report, string x, string y, string xTitle, string yTitle, string file, bool alsoBare)
    {
        if (!run.RootElement.TryGetProperty(report, out var rows) || rows.GetArrayLength() == 0) return;
        using var plot = new Plot();
        foreach (var store in rows.EnumerateArray().GroupBy(row => row.GetProperty("store").GetString()!))
        {
            double[] xs = [.. store.Select(row => Math.Log10(row.GetProperty(x).GetDouble()))];
            Line(plot, xs, [.. store.Select(row => row.GetProperty(y).GetDouble())], store.Key);
            if (alsoBare)
                Line(plot, xs, [.. store.Select(row => row.GetProperty("bare/s").GetDouble())], $"{store.Key}, bare loop");
        }
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        foreach (double at in rows.EnumerateArray().Select(row => row.GetProperty(x).GetDouble()).Distinct())
            ticks.AddMajor(Math.Log10(at), at.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture));
        plot.Axes.Bottom.TickGenerator = ticks;
        plot.Axes.SetLimitsY(0, 1.15 * rows.EnumerateArray().Max(row => row.GetProperty(y).GetDouble()));
        plot.XLabel(xTitle);
        plot.YLabel(yTitle);
        plot.ShowLegend(Alignment.UpperLeft);
        plot.SavePng(file, 900, 500);
        Console.WriteLine(file);
    }

    private static void Line(Plot plot, double[] xs, double[] ys, string name) =>
        plot.Add.Scatter(xs, ys).LegendText = name;
}
