using VoxPact.Client;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// Holds everything that the database says about money against what the code would have written, in one read
/// of one moment beside whatever is running. It changes nothing.
/// </summary>
internal sealed class Check(IStore store, byte[] chainKey, BusinessClock clock, int currencyDecimals)
{
    /// <summary>How long something may be late before it counts: a claim, a retry, a busy moment.</summary>
    private const long WorkGraceUs = 120_000_000, JobGraceUs = 60_000_000;

    public async Task<CheckReport> RunAsync(CancellationToken stop)
    {
        var findings = new CheckFindings();
        long nowUs = clock.NowUs;
        var money = new CheckMoney(findings) { LateUs = nowUs - JobGraceUs };
        await using (var reading = await store.OpenReadingAsync(stop))
        {
            await money.RunAsync(reading, stop);
            await new CheckChain(findings, chainKey).RunAsync(reading, stop);
        }
        await OverdueAsync(findings, nowUs, stop);
        return new CheckReport
        {
            Passed = findings.Passed,
            CheckedAt = JobView.Time(nowUs),
            Invariants = [.. CheckFindings.Invariants.Select(invariant => new CheckedInvariant
            {
                Id = invariant.Id,
                Title = invariant.Title,
                Passed = findings.Of(invariant.Number).Count == 0,
                Findings = findings.Of(invariant.Number).Count,
                First = findings.Of(invariant.Number).First,
            })],
            Counts = CountsOf(findings),
            Totals = TotalsOf(money),
        };
    }

    private async Task OverdueAsync(CheckFindings findings, long nowUs, CancellationToken stop)
    {
        long leaseUs = clock.RealNowUs - WorkGraceUs;
        foreach (var waiting in await store.QueryAsync(CheckQueries.OverdueWork(nowUs - WorkGraceUs, leaseUs),
            stop))
            Tell(((WorkKind)waiting.Kind).ToString(), waiting);
        foreach (var waiting in await store.QueryAsync(
            CheckQueries.OverdueDeliveries(nowUs - WorkGraceUs, leaseUs), stop)) Tell("webhooks", waiting);

        void Tell(string what, CheckQueries.Waiting waiting) => findings.Add(CheckFindings.Overdue, what,
            $"{waiting.Count} due and not run, the first since {CheckMoney.At(waiting.SinceUs)}.");
    }

    private static CheckCounts CountsOf(CheckFindings findings)
    {
        long Of(string what) => findings.Examined.GetValueOrDefault(what);
        return new CheckCounts
        {
            Owners = Of("owners"),
            Jobs = Of("jobs"),
            Operations = Of("operations"),
            Entries = Of("entries"),
            Facts = Of("facts"),
            Commits = Of("commits"),
        };
    }

    private CheckTotals TotalsOf(CheckMoney money)
    {
        decimal Of(AccountKind kind)
        {
            decimal scale = 1;
            for (int i = 0; i < currencyDecimals; i++) scale /= 10;
            return (decimal)money.TotalOf(kind) * scale;
        }
        return new CheckTotals
        {
            StripeBalance = Of(AccountKind.StripeBalance),
            Available = Of(AccountKind.OwnerAvailable),
            Escrow = Of(AccountKind.JobEscrow),
            Earnings = Of(AccountKind.OwnerEarnings),
            InTransit = Of(AccountKind.OwnerInTransit),
            Fees = Of(AccountKind.PlatformFees),
        };
    }
}
