using System.Globalization;
using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// <c>voxpact check</c>: works on a database whether or not a server runs on it, and changes nothing in it. Where it
/// came to is kept beside the pepper, for the next one.
/// </summary>
internal static class CheckVerb
{
    private const string Offline = "--offline", Full = "--full", Restored = "--restored";
    private const int AllHolds = 0, SomethingBroken = 1, NotAllChecked = 3;

    /// <param name="Offline">Does not ask the provider, and does not hold that against the result.</param>
    /// <param name="Full">Reads everything, not only what was committed since the last check.</param>
    /// <param name="Restored">Forgets the last check: the database was put back to an older copy on purpose.</param>
    internal sealed record Wish(bool Offline = false, bool Full = false, bool Restored = false);

    public static Task<int> RunAsync(string[] flags, TextWriter output)
    {
        string[] own = [Offline, Full, Restored];
        var wish = new Wish(flags.Contains(Offline), flags.Contains(Full), flags.Contains(Restored));
        return RunAsync(Settings.Read([.. flags.Except(own)]), wish, output);
    }

    /// <summary>
    /// 0 when everything holds, 1 when something does not, 3 when what was checked holds but the provider could
    /// not be asked. Settings that lead nowhere are thrown.
    /// </summary>
    public static async Task<int> RunAsync(
        ServerOptions options, Wish wish, TextWriter output, CancellationToken stop = default)
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
            byte[] chainKey = CommitChain.KeyFrom(pepper);
            var check = new Check(store, chainKey, clock, CheckTerms.Of(options));
            var last = wish.Restored ? null : Checkpoint.Read(options.Data, chainKey);
            var provider = wish.Offline
                ? new ProviderAccess(null, $"The payment provider was not asked, because {Offline} was given.")
                : await ProviderAsync(options, store, stop);
            using (provider.Gateway) report = await check.RunAsync(last, wish.Full, provider, stop);
            Keep(check.Reached, options, chainKey, output);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new BadSettings($"The {store.Name} database cannot be read: {failure.Message}");
        }
        Print(report, options.Currency.ToUpperInvariant(), output);
        return !report.Passed ? SomethingBroken : report.Complete || wish.Offline ? AllHolds : NotAllChecked;
    }

    /// <summary>The provider that this very database belongs to, or why it cannot be asked.</summary>
    private static async Task<ProviderAccess> ProviderAsync(
        ServerOptions given, IStore store, CancellationToken stop)
    {
        string mode = given.EffectiveMode.ToString().ToLowerInvariant();
        if (await store.QueryAsync(PlatformQueries.Setting(Startup.ModeSetting), stop) is [var stamped]
            && stamped != mode)
            return new(null, $"The payment provider was not asked: the database belongs to {stamped} mode and the "
                + $"settings to {mode} mode. Give StripeSecretKey.");
        var options = given.EffectiveMode is Mode.Sandbox ? Sandbox.Complete(given) : given;
        string? address = options.StripeApiBase
            ?? (given.EffectiveMode is Mode.Sandbox
                ? Sandbox.LastUrl(options.Data) ?? options.PublicUrl + Sandbox.Path
                : null);
        var provider = new StripeGateway(new StripeGateway.Options(options.StripeSecretKey!, address));
        try
        {
            string account = await provider.GetOwnAccountAsync(stop);
            if (await store.QueryAsync(PlatformQueries.Setting(Startup.AccountSetting), stop) is not [var own]
                || own == account) return new(provider);
            provider.Dispose();
            return new(null, $"The payment provider was not asked: {account} answers, and the database belongs to "
                + $"{own}. Give the settings that the server runs with.");
        }
        catch (PaymentProviderUnavailable away)
        {
            provider.Dispose();
            return new(null, $"The payment provider could not be asked{(address is null ? "" : $" at {address}")}: "
                + away.Message);
        }
    }

    private static void Keep(Checkpoint? reached, ServerOptions options, byte[] chainKey, TextWriter output)
    {
        try
        {
            reached?.Write(options.Data, chainKey);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            output.WriteLine($"Where this check came to could not be kept: {refused.Message}");
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
        output.WriteLine(report.IsFull
            ? "Everything was read."
            : $"What was committed since the last check was read; everything was at {report.FullCheckAt:u}.");
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
