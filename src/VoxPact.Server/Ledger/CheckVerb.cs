using System.Globalization;
using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// <c>voxpact check</c>: works on a database whether or not a server runs on it, and changes nothing.
/// </summary>
internal static class CheckVerb
{
    /// <summary>
    /// 0 when everything holds, 1 when something does not. Settings that lead nowhere are thrown.
    /// </summary>
    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, CancellationToken stop =
        default)
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
            var check = new Check(store, CommitChain.KeyFrom(pepper), clock, options.CurrencyDecimals);
            report = await check.RunAsync(stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new BadSettings($"The {store.Name} database cannot be read: {failure.Message}");
        }
        Print(report, options.Currency.ToUpperInvariant(), output);
        return report.Passed ? 0 : 1;
    }

    public static void Print(CheckReport report, string currency, TextWriter output)
    {
        foreach (var invariant in report.Invariants)
        {
            string found = invariant.Passed ? "holds" : $"{invariant.Findings} found";
            output.WriteLine($"{invariant.Id,-6} {invariant.Title,-66} {found}");
            foreach (string finding in invariant.First) output.WriteLine($"         {finding}");
            if (invariant.Findings > invariant.First.Count)
                output.WriteLine($"         … and {invariant.Findings - invariant.First.Count} more");
        }
        var counts = report.Counts;
        output.WriteLine();
        output.WriteLine($"Read {counts.Jobs} jobs, {counts.Operations} operations, {counts.Owners} owners, "
            + $"{counts.Entries} entries, {counts.Facts} facts, {counts.Commits} commits.");
        var totals = report.Totals;
        string Show(decimal sum) => $"{sum.ToString(CultureInfo.InvariantCulture)} {currency}";
        output.WriteLine(
            $"At Stripe {Show(totals.StripeBalance)} = available {Show(totals.Available)} + escrow "
            + $"{Show(totals.Escrow)} + earnings {Show(totals.Earnings)} + in transit "
            + $"{Show(totals.InTransit)} + fees {Show(totals.Fees)}.");
        output.WriteLine(report.Passed ? "Everything holds." : "Something does not hold.");
    }
}
