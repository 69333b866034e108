using System.Security.Cryptography;
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

    /// <summary>How many stored answers are looked at when not everything is read.</summary>
    private const int SomeAnswers = 2_000;

    private readonly long _nowUs = clock.NowUs;
    private CheckFindings _findings = null!;
    private CheckMoney _money = null!;
    private CheckChain _chain = null!;

    /// <summary>What the next check may start from; null while something does not hold.</summary>
    public Checkpoint? Reached { get; private set; }

    /// <param name="last">What the last check left; null when there was none.</param>
    /// <param name="full">Reads everything, though the last check left where to start from.</param>
    public async Task<CheckReport> RunAsync(
        Checkpoint? last, bool full, ProviderAccess provider, CancellationToken stop)
    {
        long startUs = clock.RealNowUs;
        await using (var reading = await store.OpenReadingAsync(stop))
        {
            Begin();
            bool isSame = last is null || await IsStillThereAsync(reading, last, stop);
            full |= last is null || !isSame;
            if (!full && !await ReadSinceAsync(reading, last!, provider, stop))
            {
                Begin();
                full = true;
            }
            if (full) await ReadAllAsync(reading, provider, stop);
        }
        Solvency();
        await OverdueAsync(stop);
        long fullUs = full ? startUs : last!.FullUs;
        if (_findings.Passed)
            Reached = new Checkpoint
            {
                Heads = _chain.Heads,
                Open = _money.Open,
                Sums = _money.Balances,
                AtUs = _nowUs,
                FullUs = fullUs,
            };
        return new CheckReport
        {
            Passed = _findings.Passed,
            Complete = _findings.Complete,
            CheckedAt = JobView.Time(_nowUs),
            IsFull = full,
            FullCheckAt = JobView.Time(fullUs),
            TookMs = (clock.RealNowUs - startUs) / 1_000,
            Invariants = _findings.Report(),
            Counts = CountsOf(_findings),
            Totals = TotalsOf(_money),
        };
    }

    private void Begin()
    {
        _findings = new CheckFindings();
        _money = new CheckMoney(_findings) { LateUs = _nowUs - JobGraceUs };
        _chain = new CheckChain(_findings, chainKey);
    }

    /// <summary>False when a commit that the last check saw is gone, which is told.</summary>
    private async Task<bool> IsStillThereAsync(IReading reading, Checkpoint last, CancellationToken stop)
    {
        var missing = await CheckChain.MissingSinceAsync(reading, last, stop);
        foreach (string commit in missing)
            _findings.Add(CheckFindings.Chain, commit, "The last check saw it, and it is not there: the database was "
                + "put back to an older copy, or commits were removed.");
        return missing.Count == 0;
    }

    private async Task ReadAllAsync(IReading reading, ProviderAccess provider, CancellationToken stop)
    {
        await _money.RunAsync(reading, stop);
        await _chain.RunAsync(reading, stop);
        await DeliveriesAsync(_findings, reading, stop);
        await new CheckAnswers(_findings, _nowUs).RunAsync(
            reading, reading.StreamAsync(CheckQueries.Answers, stop), stop);
        if (await reading.QueryAsync(CheckQueries.FirstStart, stop) is [var sinceUs])
            await ProviderAsync(
                reading, provider, reading.StreamAsync(CheckQueries.Operations, stop), sinceUs, stop);
    }

    /// <summary>False when a commit does not say what it is about, being of an older version.</summary>
    private async Task<bool> ReadSinceAsync(
        IReading reading, Checkpoint from, ProviderAccess provider, CancellationToken stop)
    {
        if (!await _chain.RunSinceAsync(reading, from, entry => _money.Sum(entry.Entry), stop)) return false;
        await _money.RunSinceAsync(reading, from, _chain.Touched, stop);
        await DeliveriesAsync(_findings, reading, stop);
        var some = await reading.QueryAsync(
            CheckQueries.SomeAnswers(await SomeAgentAsync(reading, stop), SomeAnswers), stop);
        await new CheckAnswers(_findings, _nowUs).RunAsync(reading, some.ToAsyncEnumerable(), stop);
        // What was asked for and not settled then may have been executed long before.
        long sinceUs = _money.Operations.Where(one => from.Open.Contains(one.Id)).Select(one => one.CreatedUs)
            .Append(from.AtUs - CheckProvider.ClockGraceUs).Min();
        await ProviderAsync(reading, provider, _money.Operations.ToAsyncEnumerable(), sinceUs, stop);
        return true;
    }

    /// <summary>Any moment since the first start, as an id: another part of the answers each time.</summary>
    private async Task<Guid> SomeAgentAsync(IReading reading, CancellationToken stop) =>
        await reading.QueryAsync(CheckQueries.FirstStart, stop) is [var firstUs]
            ? Id.New(firstUs + RandomNumberGenerator.GetInt32(1_000) * ((_nowUs - firstUs) / 1_000))
            : Guid.Empty;

    private async Task ProviderAsync(
        IReading reading, ProviderAccess provider, IAsyncEnumerable<Operation> operations, long sinceUs,
        CancellationToken stop)
    {
        if (provider.Gateway is { } gateway)
        {
            await new CheckProvider(_findings, store, gateway, terms.Currency)
                .RunAsync(reading, operations, sinceUs, stop);
            return;
        }
        _findings.Skip(CheckFindings.Settled, provider.Why!);
        _findings.Skip(CheckFindings.Known, provider.Why!);
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

    private void Solvency()
    {
        var owed = _money.Owed;
        var held = _money.TotalOf(AccountKind.StripeBalance);
        if (held + terms.AllowedShortfall.Minor < owed)
            _findings.Add(CheckFindings.Solvency, Account.Stripe.ToString(),
                $"It is {held}, {owed} are owed to owners, and the operator allows a gap of "
                + $"{terms.AllowedShortfall}: add money of your own at the provider.");
    }

    private async Task OverdueAsync(CancellationToken stop)
    {
        long leaseUs = clock.RealNowUs - WorkGraceUs;
        foreach (var waiting in await store.QueryAsync(CheckQueries.OverdueWork(_nowUs - WorkGraceUs, leaseUs),
            stop))
            Tell(((WorkKind)waiting.Kind).ToString(), waiting);
        foreach (var waiting in await store.QueryAsync(
            CheckQueries.OverdueDeliveries(_nowUs - WorkGraceUs, leaseUs), stop)) Tell("webhooks", waiting);

        void Tell(string what, CheckQueries.Waiting waiting) => _findings.Add(CheckFindings.Overdue, what,
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

/// <summary>The provider that the database belongs to, or why it cannot be asked.</summary>
internal sealed record ProviderAccess(StripeGateway? Gateway, string? Why = null);

/// <summary>What a check must know of the deployment's settings.</summary>
/// <param name="AllowedShortfall">By how much the provider may hold less than is owed to owners.</param>
internal sealed record CheckTerms(string Currency, int CurrencyDecimals, Money AllowedShortfall)
{
    public static CheckTerms Of(ServerOptions options) => new(
        options.Currency, options.CurrencyDecimals, new Money(options.AllowedShortfallMinor
            ?? (options.EffectiveMode is Mode.Live ? 0 : 100_000)));
}
