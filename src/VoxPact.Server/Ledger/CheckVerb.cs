using System.Globalization;
using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// <c>voxpact check</c>: works on a database whether or not a server runs on it, and changes nothing.
/// </summary>
internal static class CheckVerb
{
    private const string Offline = "--offline";
    private const int AllHolds = 0, SomethingBroken = 1, NotAllChecked = 3;

    public static Task<int> RunAsync(string[] flags, TextWriter output) =>
        RunAsync(Settings.Read([.. flags.Where(flag => flag != Offline)]), flags.Contains(Offline), output);

    /// <summary>
    /// 0 when everything holds, 1 when something does not, 3 when what was checked holds but the provider could
    /// not be asked. Settings that lead nowhere are thrown.
    /// </summary>
    /// <param name="offline">Does not ask the provider, and does not hold that against the result.</param>
    public static async Task<int> RunAsync(
        ServerOptions options, bool offline, TextWriter output, CancellationToken stop = default)
    {
        byte[] pepper = Startup.ExistingPepper(options) ?? throw new BadSettings(
            $"There is no pepper in {options.Data}; name its folder with --data, or give --pepper.");
        if (!Startup.HasDatabase(options))
            throw new BadSettings(
                $"There is no database in {options.Data}; name it with --data or --database.");
        await using var store = Startup.OpenStore(options);
        var clock = new BusinessClock(TimeProvider.System);
        CheckReport report;
        try
        {
            await Startup.ReadClockAsync(store, clock, stop);
            var check = new Check(store, CommitChain.KeyFrom(pepper), clock, CheckTerms.Of(options));
            var (provider, why) = offline
                ? (null, $"The payment provider was not asked, because {Offline} was given.")
                : await ProviderAsync(options, store, stop);
            using (provider) report = await check.RunAsync(provider, why, stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new BadSettings($"The {store.Name} database cannot be read: {failure.Message}");
        }
        Print(report, options.Currency.ToUpperInvariant(), output);
        return !report.Passed ? SomethingBroken : report.Complete || offline ? AllHolds : NotAllChecked;
    }

    /// <summary>The provider that this very database belongs to, or why it cannot be asked.</summary>
    private static async Task<(StripeGateway? Provider, string? Why)> ProviderAsync(
        ServerOptions given, IStore store, CancellationToken stop)
    {
        string mode = given.EffectiveMode.ToString().ToLowerInvariant();
        if (await store.QueryAsync(PlatformQueries.Setting(Startup.ModeSetting), stop) is [var stamped]
            && stamped != mode)
            return (null, $"The payment provider was not asked: the database belongs to {stamped} mode and the "
                + $"settings to {mode} mode. Give StripeSecretKey.");
        var options = given.EffectiveMode is Mode.Sandbox ? Sandbox.Complete(given) : given;
        string? address = options.StripeApiBase
            ?? (given.EffectiveMode is Mode.Sandbox ? options.PublicUrl + Sandbox.Path : null);
        var provider = new StripeGateway(new StripeGateway.Options(options.StripeSecretKey!, address));
        try
        {
            string account = await provider.GetOwnAccountAsync(stop);
            if (await store.QueryAsync(PlatformQueries.Setting(Startup.AccountSetting), stop) is not [var own]
                || own == account) return (provider, null);
            provider.Dispose();
            return (null, $"The payment provider was not asked: {account} answers, and the database belongs to "
                + $"{own}. Give the settings that the server runs with.");
        }
        catch (PaymentProviderUnavailable away)
        {
            provider.Dispose();
            return (null, $"The payment provider could not be asked{(address is null ? "" : $" at {address}")}: "
                + away.Message);
        }
    }

    public static void Print(CheckReport report, string currency, TextWriter output)
    {
        foreach (var invariant in report.Invariants)
        {
            string found = invariant.Status switch
            {
                CheckFindings.Holds => "holds",
                CheckFindings.NotChecked => "NOT CHECKED",
                CheckFindings.Warning => $"{invariant.Findings} found (warning)",
                _ => $"{invariant.Findings} found",
            };
            output.WriteLine($"{invariant.Id,-6} {invariant.Title,-66} {found}");
            foreach (string finding in invariant.First) output.WriteLine($"         {finding}");
            if (invariant.Findings > invariant.First.Count)
                output.WriteLine($"         … and {invariant.Findings - invariant.First.Count} more");
            if (invariant is { Status: CheckFindings.NotChecked, Note: { } note })
                output.WriteLine($"         {note}");
        }
        var counts = report.Counts;
        output.WriteLine();
        output.WriteLine($"Read {counts.Jobs} jobs, {counts.Operations} operations, {counts.Owners} owners, "
            + $"{counts.Entries} entries, {counts.Facts} facts, {counts.Commits} commits, {counts.Answers} stored "
            + $"answers, {counts.ProviderObjects} charges and transfers at the provider.");
        var totals = report.Totals;
        string Show(decimal sum) => $"{sum.ToString(CultureInfo.InvariantCulture)} {currency}";
        output.WriteLine(
            $"At Stripe {Show(totals.StripeBalance)} = available {Show(totals.Available)} + escrow "
            + $"{Show(totals.Escrow)} + earnings {Show(totals.Earnings)} + held {Show(totals.Held)} + in transit "
            + $"{Show(totals.InTransit)} + fees {Show(totals.Fees)} + capital {Show(totals.Capital)} - receivable "
            + $"{Show(totals.Receivable)} - processing {Show(totals.Processing)} - losses {Show(totals.Losses)}.");
        output.WriteLine((report.Passed, report.Complete) switch
        {
            (false, _) => "Something does not hold.",
            (true, false) => "What was checked holds; not everything was checked.",
            _ => "Everything holds.",
        });
    }
}
