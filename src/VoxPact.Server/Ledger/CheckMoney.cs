using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// I1, I2, I3 and I6: one pass over jobs, operations and entries in the order of their ids, holding one job's
/// entries at a time and three sums per owner.
/// </summary>
internal sealed class CheckMoney(CheckFindings findings)
{
    private readonly Dictionary<Account, Int128> _balances = [];
    private readonly HashSet<Guid> _open = [];

    /// <summary>
    /// What an owner's jobs hold, by themselves and by their entries: where these differ, a job is found already. Every
    /// job that holds anything is open, and so is looked at each time.
    /// </summary>
    private readonly Dictionary<Guid, (Int128 ByJobs, Int128 ByEntries)> _escrows = [];

    /// <summary>What all entries that were read, or summed up before, left in each account.</summary>
    public IReadOnlyDictionary<Account, Int128> Balances => _balances;

    /// <summary>Jobs that are not over and operations that are not settled.</summary>
    public IReadOnlySet<Guid> Open => _open;

    /// <summary>Operations that were read, when only some were.</summary>
    public List<Operation> Operations { get; } = [];

    /// <summary>
    /// A job that its timer should have ended: it is late when due before this (business time).
    /// </summary>
    public required long LateUs { get; init; }

    /// <summary>What all accounts of a kind hold together, in minor units.</summary>
    public Int128 TotalOf(AccountKind kind) =>
        _balances.Where(balance => balance.Key.Kind == kind).Aggregate(Int128.Zero, (sum, one) => sum
            + one.Value);

    /// <summary>
    /// What belongs to owners, in minor units: their balances and the escrows of their jobs.
    /// </summary>
    public Int128 Owed => TotalOf(AccountKind.OwnerAvailable) + TotalOf(AccountKind.JobEscrow)
        + TotalOf(AccountKind.OwnerEarnings) + TotalOf(AccountKind.OwnerInTransit)
        + TotalOf(AccountKind.OwnerHeld) - TotalOf(AccountKind.OwnerReceivable);

    public async Task RunAsync(IReading reading, CancellationToken stop)
    {
        await using var jobs = Sorted<Job>(reading.StreamAsync(CheckQueries.Jobs, stop), job => job.Id);
        await using var operations = Sorted<Operation>(reading.StreamAsync(CheckQueries.Operations, stop),
            one => one.Id);
        await using var entries = Sorted<LoggedEntry>(
            reading.StreamAsync(CheckQueries.EntriesBySubject, stop), entry => entry.Entry.Subject);
        await jobs.StartAsync();
        await operations.StartAsync();
        await entries.StartAsync();
        while (SortedStream<Guid, Job>.Smallest(jobs.Next, operations.Next, entries.Next) is { } subject)
        {
            List<Entry> moved = [.. (await entries.TakeAsync(subject)).Select(entry => entry.Entry)];
            foreach (var entry in moved) Sum(entry);
            var job = (await jobs.TakeAsync(subject)).FirstOrDefault();
            var operation = (await operations.TakeAsync(subject)).FirstOrDefault();
            Examine(subject, job, operation, moved);
        }
        await OwnersAsync(reading, stop);
    }

    /// <summary>
    /// Holds only these jobs and operations to the laws, on top of what a checkpoint summed up; what was moved
    /// since must have been given to <see cref="Sum"/>.
    /// </summary>
    public async Task RunSinceAsync(
        IReading reading, Checkpoint checkpoint, IReadOnlySet<Guid> touched, CancellationToken stop)
    {
        foreach (var (account, sum) in checkpoint.Sums) Change(account, sum);
        foreach (var ids in touched.Union(checkpoint.Open).Chunk(CheckQueries.AtOnce))
        {
            var entries = (await reading.QueryAsync(CheckQueries.EntriesOf(ids), stop))
                .ToLookup(entry => entry.Entry.Subject, entry => entry.Entry);
            var jobs = (await reading.QueryAsync(CheckQueries.JobsById(ids), stop)).ToDictionary(job => job.Id);
            var operations = (await reading.QueryAsync(CheckQueries.OperationsById(ids), stop))
                .ToDictionary(one => one.Id);
            foreach (var id in ids)
                Examine(id, jobs.GetValueOrDefault(id), operations.GetValueOrDefault(id), [.. entries[id]]);
            Operations.AddRange(operations.Values);
        }
        await OwnersAsync(reading, stop);
    }

    private static SortedStream<Guid, T> Sorted<T>(IAsyncEnumerable<T> rows, Func<T, Guid> key) =>
        new(rows, key);

    private void Examine(Guid subject, Job? job, Operation? operation, List<Entry> moved)
    {
        if (job is not null) Examine(job, moved);
        else if (operation is not null) Examine(operation, moved);
        else
            foreach (var entry in moved)
                findings.Add(CheckFindings.Movements, Id.Format(Id.Operation, subject),
                    $"{entry.Amount} moved for a job or operation that is not there.");
    }

    private void Examine(Job job, List<Entry> moved)
    {
        findings.Count("jobs");
        if (!job.IsFinal) _open.Add(job.Id);
        string name = Id.Format(Id.Job, job.Id);
        Judge(name, () => Audit.Of(job, moved));
        if (job.DueUs < LateUs)
            findings.Add(CheckFindings.Overdue, name,
                $"It is {JobWords.Of(job.State)} and was due at {At(job.DueUs.Value)}.");
        var escrow = Account.Escrow(job.Id);
        var holds = moved.Aggregate(Int128.Zero, (sum, entry) => sum
            + (entry.Credit == escrow ? entry.Amount.Minor : 0) - (entry.Debit == escrow ? entry.Amount.Minor : 0));
        if (holds == 0 && job.Escrow == Money.Zero) return;
        var (byJobs, byEntries) = _escrows.GetValueOrDefault(job.BuyerOwner);
        _escrows[job.BuyerOwner] = (byJobs + job.Escrow.Minor, byEntries + holds);
    }

    private void Examine(Operation operation, List<Entry> moved)
    {
        findings.Count("operations");
        if (operation.State is OperationState.Pending) _open.Add(operation.Id);
        Judge(Id.Format(Id.Operation, operation.Id), () => Audit.Of(operation, moved));
    }

    private void Judge(string name, Func<List<Finding>> audit)
    {
        try
        {
            findings.Add(audit());
        }
        catch (Exception impossible) when (impossible is OverflowException or InvalidOperationException)
        {
            // Sums that no movement could have made: written by something else.
            findings.Add(CheckFindings.Movements, name, $"Its numbers are impossible: {impossible.Message}");
        }
    }

    public void Sum(Entry entry)
    {
        findings.Count("entries");
        Change(entry.Debit, entry.Debit.IsAsset ? entry.Amount.Minor : -(Int128)entry.Amount.Minor);
        Change(entry.Credit, entry.Credit.IsAsset ? -(Int128)entry.Amount.Minor : entry.Amount.Minor);
    }

    private void Change(Account account, Int128 by)
    {
        // An escrow is settled within its job, so that memory grows with the owners and not with the jobs.
        if (account.Kind is AccountKind.JobEscrow) account = account with { Holder = Guid.Empty };
        _balances[account] = _balances.GetValueOrDefault(account) + by;
    }

    private async Task OwnersAsync(IReading reading, CancellationToken stop)
    {
        var (known, wrong) = (new HashSet<Guid> { Guid.Empty }, new HashSet<Guid>());
        await foreach (var owner in reading.StreamAsync(CheckQueries.Owners, stop))
        {
            findings.Count("owners");
            known.Add(owner.Id);
            bool isRight = Compare(Account.Available(owner.Id), owner.Available)
                & Compare(Account.Earnings(owner.Id), owner.Earnings)
                & Compare(Account.InTransit(owner.Id), owner.InTransit)
                & Compare(Account.Held(owner.Id), owner.Held)
                & Compare(Account.Receivable(owner.Id), owner.Receivable)
                & CompareEscrow(owner);
            if (!isRight) wrong.Add(owner.Id);
        }
        await foreach (var owner in reading.StreamAsync(CheckQueries.WrongStatements, stop))
            if (!wrong.Contains(owner))
                findings.Add(CheckFindings.Balances, Id.Format(Id.Owner, owner),
                    "The newest line of its statement of account does not say what is in its accounts.");
        foreach (var (account, balance) in _balances)
            if (!known.Contains(account.Holder))
                findings.Add(CheckFindings.Balances, $"account {(int)account.Kind} of {account.Holder}",
                    $"Its entries sum to {balance}, but it belongs to nobody.");
    }

    private bool Compare(Account account, Money stored)
    {
        var sum = _balances.GetValueOrDefault(account);
        if (sum != stored.Minor)
            findings.Add(CheckFindings.Balances, account.ToString(),
                $"It says {stored}, its entries sum to {sum}.");
        if (stored < Money.Zero)
            findings.Add(CheckFindings.Balances, account.ToString(),
                $"It says {stored}, which is below zero.");
        return sum == stored.Minor;
    }

    private bool CompareEscrow(Owner owner)
    {
        var (byJobs, byEntries) = _escrows.GetValueOrDefault(owner.Id);
        bool isRight = owner.Escrow.Minor == byJobs || owner.Escrow.Minor == byEntries;
        if (!isRight)
            findings.Add(CheckFindings.Balances, Id.Format(Id.Owner, owner.Id),
                $"It says that its jobs hold {owner.Escrow}; they hold {byJobs}.");
        return isRight;
    }

    public static string At(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * 10).ToString("u");
}
