using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// Holds everything that the database says about money against what the code would have written, in one read
/// of one moment beside whatever is running, and the operations against the provider's own lists. It changes
/// nothing.
/// </summary>
internal sealed class Check(IStore store, byte[] chainKey, BusinessClock clock, CheckTerms terms)
{
    /// <summary>How long something may be late before it counts: a claim, a retry, a busy moment.</summary>
    private const long WorkGraceUs = 120_000_000, JobGraceUs = 60_000_000;

    /// <param name="provider">Null when it cannot be asked.</param>
    /// <param name="why">Why it cannot.</param>
    public async Task<CheckReport> RunAsync(StripeGateway? provider, string? why, CancellationToken stop)
    {
        var findings = new CheckFindings();
        long nowUs = clock.NowUs;
        var money = new CheckMoney(findings) { LateUs = nowUs - JobGraceUs };
        await using (var reading = await store.OpenReadingAsync(stop))
        {
            await money.RunAsync(reading, stop);
            await new CheckChain(findings, chainKey).RunAsync(reading, stop);
            await DeliveriesAsync(findings, reading, stop);
            await new CheckAnswers(findings, nowUs).RunAsync(reading, CheckQueries.Answers, stop);
            await ProviderAsync(findings, reading, provider, why, stop);
        }
        Solvency(findings, money);
        await OverdueAsync(findings, nowUs, stop);
        return new CheckReport
        {
            Passed = findings.Passed,
            Complete = findings.Complete,
            CheckedAt = JobView.Time(nowUs),
            Invariants = findings.Report(),
            Counts = CountsOf(findings),
            Totals = TotalsOf(money),
        };
    }

    private async Task ProviderAsync(
        CheckFindings findings, IReading reading, StripeGateway? provider, string? why, CancellationToken stop)
    {
        if (provider is null)
        {
            findings.Skip(CheckFindings.Settled, why!);
            findings.Skip(CheckFindings.Known, why!);
            return;
        }
        if (await reading.QueryAsync(CheckQueries.FirstStart, stop) is [var sinceUs])
            await new CheckProvider(findings, store, provider, terms.Currency)
                .RunAsync(reading, CheckQueries.Operations, sinceUs, stop);
    }

    private static async Task DeliveriesAsync(CheckFindings findings, IReading reading, CancellationToken stop)
    {
        await foreach (var bad in reading.StreamAsync(CheckQueries.BadDeliveries, stop))
            findings.Add(CheckFindings.Deliveries,
                $"event {bad.Sequence} of {Id.Format(Id.Job, bad.Subject)} to {Id.Format(Id.Endpoint, bad.Endpoint)}",
                bad.Breach switch
                {
                    1 => "It waits to be delivered, but nothing happened that it tells of.",
                    2 => "It was given up without a reason.",
                    3 => "It was given up and waits to be delivered.",
                    _ => "It was tried while an earlier one waits.",
                });
    }

    private void Solvency(CheckFindings findings, CheckMoney money)
    {
        var owed = money.Owed;
        var held = money.TotalOf(AccountKind.StripeBalance);
        if (held + terms.AllowedShortfall.Minor < owed)
            findings.Add(CheckFindings.Solvency, Account.Stripe.ToString(),
                $"It is {held}, {owed} are owed to owners, and the operator allows a gap of "
                + $"{terms.AllowedShortfall}: add money of your own at the provider.");
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
            Answers = Of("answers"),
            ProviderObjects = Of("provider_objects"),
        };
    }

    private CheckTotals TotalsOf(CheckMoney money)
    {
        decimal Of(AccountKind kind)
        {
            decimal scale = 1;
            for (int i = 0; i < terms.CurrencyDecimals; i++) scale /= 10;
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
            Held = Of(AccountKind.OwnerHeld),
            Receivable = Of(AccountKind.OwnerReceivable),
            Capital = Of(AccountKind.PlatformCapital),
            Processing = Of(AccountKind.PlatformProcessing),
            Losses = Of(AccountKind.PlatformLosses),
        };
    }
}

/// <summary>What a check must know of the deployment's settings.</summary>
/// <param name="AllowedShortfall">By how much the provider may hold less than is owed to owners.</param>
internal sealed record CheckTerms(string Currency, int CurrencyDecimals, Money AllowedShortfall)
{
    public static CheckTerms Of(ServerOptions options) => new(
        options.Currency, options.CurrencyDecimals, new Money(options.AllowedShortfallMinor
            ?? (options.EffectiveMode is Mode.Live ? 0 : 100_000)));
}
