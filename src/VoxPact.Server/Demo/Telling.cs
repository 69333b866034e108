using System.Globalization;
using Spectre.Console;
using VoxPact.Client;

namespace VoxPact.Server.Demo;

/// <summary>Tells the story as it happens: in colour on a terminal, as plain lines elsewhere.</summary>
internal sealed class Telling
{
    private const int PlainWidth = 400;
    private readonly IAnsiConsole _console;
    private int _step;

    public Telling(bool isTerminal)
    {
        _console = isTerminal ? AnsiConsole.Console : AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        // A file or a pipe has no width to wrap at.
        if (!isTerminal) _console.Profile.Width = PlainWidth;
    }

    public static string Money(decimal amount, string currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:0.00} {currency.ToUpperInvariant()}");

    public void Heading(string text) => _console.MarkupLine($"[bold]{Markup.Escape(text)}[/]");

    public void Plain(string text) => _console.WriteLine(text);

    public void Warning(string text) => _console.MarkupLine($"[yellow]{Markup.Escape(text)}[/]");

    public void Failure(string text) => _console.MarkupLine($"[red]{Markup.Escape(text)}[/]");

    public void Step(string title) => _console.MarkupLine($"\n[bold]{++_step}. {Markup.Escape(title)}[/]");

    /// <summary>Somebody does something.</summary>
    public void Does(string who, string what) =>
        Line(who, who == "buyer" ? "aqua" : who == "worker" ? "lime" : "grey", what);

    public void State(JobResource job) => Line("state", "blue", job.NextAction is { } next
        ? $"{job.State}; next: {next.Who}: {next.What}; by {next.By:yyyy-MM-dd HH:mm} UTC, "
            + $"else {next.Default}"
        : $"{job.State}, {job.ClosedReason}");

    public void Moves(string what) => Line("money", "yellow", what);

    /// <summary>An event that a listener took in; it took in none without a right signature.</summary>
    public void Hears(string who, WebhookEvent heard, string? more = null) => Line("event", "fuchsia",
        $"{who} hears {heard.Type} #{heard.Sequence} {heard.Id}: signature verified"
        + (more is null ? "" : $"; {more}"));

    public void Table(string title, IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Simple };
        foreach (string column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column))
            {
                NoWrap = true,
                Alignment = column == "amount" ? Justify.Right : Justify.Left,
            });
        foreach (var row in rows) table.AddRow([.. row.Select(cell => new Text(cell))]);
        _console.WriteLine();
        _console.Write(table);
    }

    private void Line(string tag, string colour, string text) =>
        _console.MarkupLine($"   [{colour}]{tag,-6}[/] {Markup.Escape(text)}");
}
