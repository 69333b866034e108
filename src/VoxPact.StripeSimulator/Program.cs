using System.Runtime.InteropServices;

namespace VoxPact.StripeSimulator;

internal static class Program
{
    private const string Usage = """
        Usage: VoxPact.StripeSimulator [--urls http://127.0.0.1:12111] [--data DIR] [--public-url URL]
          [--webhook-url URL] [--webhook-secret whsec_…] [--secret-key sk_test_…]
          [--publishable-key pk_test_…] [--balance-delay-seconds N] [--fees none|european]
        """;

    private static async Task<int> Main(string[] args)
    {
        if (!TryRead(args, out var given))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        var options = new SimulatorOptions
        {
            DatabasePath = Path.Combine(given.GetValueOrDefault("data", "."), "stripe-simulator.db"),
            Urls = given.GetValueOrDefault("urls", "http://127.0.0.1:12111"),
            PublicUrl = given.GetValueOrDefault("public-url"),
            WebhookUrl = given.GetValueOrDefault("webhook-url"),
            WebhookSecret = given.GetValueOrDefault("webhook-secret", "whsec_simulator"),
            SecretKey = given.GetValueOrDefault("secret-key", "sk_test_simulator"),
            PublishableKey = given.GetValueOrDefault("publishable-key", "pk_test_simulator"),
            BalanceDelay = TimeSpan.FromSeconds(
                int.Parse(
                    given.GetValueOrDefault("balance-delay-seconds", "0"),
                    System.Globalization.CultureInfo.InvariantCulture)),
            Fees = given.GetValueOrDefault("fees", "none") == "european"
                ? ProcessingFees.European
                : ProcessingFees.None,
        };
        var stop = new TaskCompletionSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var host = await StripeSimulatorHost.StartAsync(options, CancellationToken.None);
        Console.WriteLine(
            $"Stripe SIMULATOR at {host.Url}: no money is real. State in {options.DatabasePath}");
        await stop.Task;
        return 0;
    }

    private static bool TryRead(string[] args, out Dictionary<string, string> given)
    {
        string[] known =
        [
            "urls", "data", "public-url", "webhook-url", "webhook-secret", "secret-key", "publishable-key",
            "balance-delay-seconds", "fees",
        ];
        given = [];
        if (args.Length % 2 != 0)
            return false;
        for (var i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || !known.Contains(args[i][2..]))
                return false;
            given[args[i][2..]] = args[i + 1];
        }
        return (!given.TryGetValue("balance-delay-seconds", out var delay) || int.TryParse(delay, out _))
            && given.GetValueOrDefault("fees", "none") is "none" or "european";
    }
}
