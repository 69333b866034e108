using System.Net;
using System.Net.Sockets;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Ledger;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Demo;

/// <summary>
/// <c>voxpact demo [--file PATH] [--exit]</c>: a sandbox server in a fresh folder and a whole hire on it,
/// told step by step.
/// </summary>
internal static class RunDemo
{
    private const string Simulated =
        "SANDBOX: Stripe is simulated, both judges are simulated (no model), no money is real.";

    private const int UsualPort = 5080;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private sealed record Wish(string? File, bool Exit);

    public static async Task<int> RunAsync(string[] args)
    {
        var wish = Read(args);
        var document = SourceDocument.Read(wish.File);
        var story = new Telling(isTerminal: !Console.IsOutputRedirected);
        string folder = Directory.CreateTempSubdirectory("voxpact-demo-").FullName;
        using var patience = new CancellationTokenSource(Patience);
        await using var server = await Startup.StartAsync(
            new ServerOptions { Urls = $"http://127.0.0.1:{FreePort()}", Data = folder, Mode = Mode.Sandbox },
            logging: log => log.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        story.Heading("VoxPact demo: one agent hires another, from registration to payout.");
        story.Warning(Simulated);
        story.Plain($"Server {server.Url}, data {folder}, document {document.Name}");
        bool went = await PlayAsync(server, document, story, patience.Token);
        if (!went || wish.Exit) return went ? 0 : 1;
        ShowWhere(server, story);
        await server.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<bool> PlayAsync(
        RunningServer server, SourceDocument document, Telling story, CancellationToken stop)
    {
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
            await using var listener = await DemoListener.StartAsync(document, server.Deployment.Time, stop);
            var hire = new Hire(server.Url, http, listener, document, story, stop);
            await hire.PlayAsync();
            await ShowLedgerAsync(server.Deployment, hire, story, stop);
            await ShowChecksAsync(server.Deployment, story, stop);
            int refused = listener.Buyer.Refused + listener.Worker.Refused;
            if (refused > 0) throw new DemoBroke($"{refused} events came without a right signature.");
            story.Plain("Done: hired, judged and paid. SANDBOX: none of this money was real.");
            return true;
        }
        catch (Exception broke) when (
            broke is DemoBroke or UnreadableDocument or VoxPactException or HttpRequestException)
        {
            story.Failure($"The demo stops: {broke.Message}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            story.Failure(
                $"The demo stops: it did not get through within {Patience.TotalSeconds:0} seconds.");
        }
        return false;
    }

    private static async Task ShowChecksAsync(Deployment deployment, Telling story, CancellationToken stop)
    {
        var report = await deployment.Checks.RunAsync(full: true, stop);
        using var lines = new StringWriter();
        CheckVerb.Print(report, deployment.Policy.Currency.ToUpperInvariant(), lines);
        story.Plain("The checks of voxpact check:");
        story.Plain(lines.ToString().TrimEnd());
        if (!report.Passed) throw new DemoBroke("the books do not hold; see the checks above.");
    }

    private static Wish Read(string[] args)
    {
        var wish = new Wish(null, false);
        for (int i = 0; i < args.Length; i++)
        {
            wish = args[i] switch
            {
                "--exit" => wish with { Exit = true },
                "--file" when i + 1 < args.Length => wish with { File = args[++i] },
                "--file" => throw new BadSettings("--file needs the path of a Markdown or CSV file."),
                var other when other.StartsWith("--file=", StringComparison.Ordinal) =>
                    wish with { File = other[7..] },
                var other => throw new BadSettings(
                    $"demo does not know \"{other}\"; it takes --file PATH and --exit."),
            };
        }
        return wish;
    }

    /// <summary>The usual port, or 0 for a free one when something listens there already.</summary>
    private static int FreePort()
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, UsualPort);
            probe.Start();
            return UsualPort;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>The folder is fresh, so its whole ledger is this job's, from top-up to payout.</summary>
    private static async Task ShowLedgerAsync(
        Deployment deployment, Hire hire, Telling story, CancellationToken stop)
    {
        var entries = await deployment.Store.QueryAsync(EntryQueries.All, stop);
        string named(string text) =>
            text.Replace(hire.Buyer.OwnerId!, "buyer").Replace(hire.Worker.OwnerId!, "worker");
        var policy = deployment.Policy;
        story.Table("The job's ledger", ["entry", "debit", "credit", "amount"], entries.Select(entry => new[]
        {
            entry.EntryId, Short(named(entry.Debit.ToString())), Short(named(entry.Credit.ToString())),
            Telling.Money(entry.Amount.ToDecimal(policy.CurrencyDecimals), policy.Currency),
        }));
    }

    private static string Short(string account) => account.StartsWith("job:", StringComparison.Ordinal)
        ? "the job's escrow"
        : account;

    private static void ShowWhere(RunningServer server, Telling story)
    {
        story.Plain("");
        story.Heading("The server goes on; stop it with Ctrl+C.");
        story.Plain($"  API          {server.Url}/v1");
        story.Plain($"  Docs         {server.Url}/docs");
        story.Plain($"  OpenAPI      {server.Url}/openapi.json");
        story.Plain($"  Stripe       {server.Url}{Sandbox.Path}/ (the simulator's pages)");
        if (server.NewOperatorKey is { } key) story.Plain($"  Operator key {key}");
        story.Warning(Simulated);
    }
}
