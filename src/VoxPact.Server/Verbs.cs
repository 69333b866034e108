using System.Data.Common;
using System.Net.Sockets;
using VoxPact.Server.Demo;
using VoxPact.Server.Judging;

namespace VoxPact.Server;

/// <summary>
/// What the executable can be told to do: serve (without a word), demo, check, doctor, judge eval and read,
/// rotate-operator-key, and an agent's verbs.
/// </summary>
internal static class Verbs
{
    public static async Task<int> RunAsync(string[] args)
    {
        string verb = args is [var first, ..] && !first.StartsWith('-') ? first : "serve";
        if (verb is "help" or "--help" || args is ["--help" or "-h", ..]) return Usage(null);
        if (args.Contains("--help") && verb != "judge" && !Cli.CommandLine.Verbs.Contains(verb)) return Usage(null);
        string[] rest = verb == "serve" && args is not ["serve", ..] ? args : args[1..];
        try
        {
            return verb switch
            {
                "serve" => await ServeAsync(rest),
                "demo" => await RunDemo.RunAsync(rest),
                "check" => await Ledger.CheckVerb.RunAsync(rest, Console.Out),
                "judge" when rest is ["read", ..] =>
                    await Judging.Reading.ReadVerb.RunAsync(rest, Console.OpenStandardInput(), Console.Out),
                "judge" => await Judging.Eval.EvalVerb.RunAsync(rest, Console.Out),
                "rotate-operator-key" => await RotateOperatorKeyAsync(rest),
                "doctor" => await new Doctor(Settings.Read(rest), Console.Out).RunAsync(),
                _ when Cli.CommandLine.Verbs.Contains(verb) =>
                    await Cli.CommandLine.RunAsync(args, Console.Out, Console.Error),
                _ => Usage(verb),
            };
        }
        catch (BadSettings bad)
        {
            await Console.Error.WriteLineAsync(bad.Message);
            return 2;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException
            or FormatException or DbException or SocketException or Storage.Migrations.BadDatabase)
        {
            // What the machine refuses at start is for the operator to mend: the sentence, not the stack, helps.
            await Console.Error.WriteLineAsync($"{verb} cannot go on: {fault.Message}");
            return 2;
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        await using var server = await Startup.StartAsync(Settings.Read(args), logging: log => log.AddSimpleConsole());
        Announce(server);
        await server.WaitForShutdownAsync();
        return 0;
    }

    private static async Task<int> RotateOperatorKeyAsync(string[] args)
    {
        string key = await Operator.RotateOperatorKey.RunAsync(Settings.Read(args));
        Console.WriteLine($"Operator key (shown once, keep it; the old one is dead): {key}");
        return 0;
    }

    public static void Announce(RunningServer server)
    {
        var deployment = server.Deployment;
        bool judged = ConfiguredJudges.AreThere(deployment.Options.Judging);
        Console.WriteLine($"VoxPact {Platform.GetPlatform.Version} serves {server.Url} on {deployment.Store.Name}, "
            + $"{deployment.Mode.ToString().ToLowerInvariant()} mode.");
        if (deployment.Mode is Mode.Sandbox)
            Console.WriteLine($"SANDBOX: Stripe is simulated, {(judged ? "" : "both judges are simulated, ")}"
                + "no money is real, time can be moved.");
        if (judged)
            Console.WriteLine("Judges: " + string.Join(" and ",
                deployment.Judges!.Judges.Select(judge => $"{judge.Name} ({judge.Model})")) + ".");
        else if (deployment.Judges is null)
            Console.WriteLine("No two judges are configured: every submission goes to its buyer's review.");
        foreach (string warning in ConfiguredJudges.Warnings(deployment.Options.Judging))
            Console.WriteLine($"Warning: {warning}");
        if (server.NewOperatorKey is { } key)
            Console.WriteLine($"Operator key (shown once, keep it): {key}");
    }

    private static int Usage(string? unknown)
    {
        if (unknown is not null) Console.Error.WriteLine($"There is no verb {unknown}.");
        (unknown is null ? Console.Out : Console.Error).WriteLine(
            "Say nothing to serve, or one of: demo, check, doctor, judge eval, judge read, rotate-operator-key. "
            + "Settings such as --urls, --data and --database stand in docs/self-hosting.md. "
            + $"For agents: {string.Join(", ", Cli.CommandLine.Verbs)}, each with --help.");
        return unknown is null ? 0 : 2;
    }
}
