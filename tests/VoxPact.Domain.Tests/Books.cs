using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using Xunit;

namespace VoxPact.Domain.Tests;

/// <summary>
/// The smallest engine there can be: applies decisions to dictionaries and keeps balances from the entries
/// alone, so that a test can follow the money without a database.
/// </summary>
internal sealed class Books
{
    public SortedDictionary<Guid, Job> Jobs { get; } = [];
    public SortedDictionary<Guid, Owner> Owners { get; } = [];
    public SortedDictionary<Guid, Bid> Bids { get; } = [];
    public SortedDictionary<Guid, FundingRequest> Waiting { get; } = [];
    public SortedDictionary<Guid, Operation> Operations { get; } = [];
    public SortedDictionary<Guid, CounterOffer> CounterOffers { get; } = [];
    public SortedSet<Guid> Listings { get; } = [];

    /// <summary>The arbiter's queue.</summary>
    public SortedSet<Guid> Disputes { get; } = [];
    public List<Submission> Submissions { get; } = [];
    public Dictionary<(Guid, Slot, int), Entry> Entries { get; } = [];
    public List<Fact> Facts { get; } = [];
    public List<WorkItem> Work { get; } = [];

    /// <summary>
    /// Makes the decision true; a second entry in a taken place is the bug that the unique key would stop.
    /// </summary>
    public Books Apply(Decision decision)
    {
        foreach (var row in decision.Rows) Put(row);
        foreach (var entry in decision.Entries)
        {
            Assert.True(Entries.TryAdd((entry.Subject, entry.Slot, entry.Leg), entry),
                $"{entry.EntryId} moved twice");
            Change(entry.Debit, entry.Debit.IsAsset ? entry.Amount : Money.Zero - entry.Amount);
            Change(entry.Credit, entry.Credit.IsAsset ? Money.Zero - entry.Amount : entry.Amount);
        }
        Facts.AddRange(decision.Facts);
        Work.AddRange(decision.Work);
        return this;
    }

    public IReadOnlyList<Entry> EntriesOf(Guid subject) =>
        [.. Entries.Values.Where(entry => entry.Subject == subject)];

    /// <summary>I1, I2 and I3 of one job, by equations of the test's own beside the audit's.</summary>
    public void CheckJob(Guid id)
    {
        if (!Jobs.TryGetValue(id, out var job))
        {
            Assert.Empty(EntriesOf(id));
            return;
        }
        var entries = EntriesOf(id);
        Assert.Empty(Audit.Of(job, entries));
        Money Sum(MovementKind kind) =>
            entries.Where(entry => entry.Movement == kind).Aggregate(Money.Zero, (sum, entry) => sum
                + entry.Amount);
        var (held, reduced) = (Sum(MovementKind.Hold) + Sum(MovementKind.Raise), Sum(MovementKind.Reduce));
        var (released, refunded) = (Sum(MovementKind.Release) + Sum(MovementKind.Split), Sum(MovementKind.Refund));
        Assert.Equal(held - reduced - released - refunded, job.Escrow);
        if (job.IsFinal) Assert.Equal(Money.Zero, job.Escrow);
        else if (job.State is not JobState.Funding) Assert.Equal(job.Amount, job.Escrow);
        else Assert.Equal(Money.Zero, held);
        int closings = (released > Money.Zero ? 1 : 0) + (refunded > Money.Zero ? 1 : 0);
        Assert.Equal(job.IsFinal && held > Money.Zero ? 1 : 0, closings);
        Assert.Equal(job.State is JobState.Completed, released > Money.Zero);
        Assert.Equal(job.State is JobState.Open, Listings.Contains(id));
        Assert.Equal(job.State is JobState.Disputed, Disputes.Contains(id));
        Assert.Equal(job.IsFinal, job.DueUs is null);
        Assert.Equal(job.IsFinal, job.Closed is not null);
    }

    /// <summary>I1 to I3 of everything, I6 of every owner, and that no unit came from nowhere.</summary>
    public void CheckAll()
    {
        foreach (var id in Jobs.Keys) CheckJob(id);
        foreach (var operation in Operations.Values) Assert.Empty(
            Audit.Of(operation, EntriesOf(operation.Id)));
        var liabilities = Balance(Account.Fees) + Balance(Account.Capital)
            - Balance(Account.Processing) - Balance(Account.Losses);
        foreach (var owner in Owners.Values)
        {
            Assert.True(owner.Available >= Money.Zero && owner.Earnings >= Money.Zero
                && owner.InTransit >= Money.Zero);
            Assert.Equal(Balance(Account.Available(owner.Id)), owner.Available);
            Assert.Equal(Balance(Account.Earnings(owner.Id)), owner.Earnings);
            Assert.Equal(Balance(Account.InTransit(owner.Id)), owner.InTransit);
            Assert.Equal(Balance(Account.Held(owner.Id)), owner.Held);
            Assert.Equal(Balance(Account.Receivable(owner.Id)), owner.Receivable);
            Assert.True(owner.Held >= Money.Zero && owner.Receivable >= Money.Zero);
            liabilities += owner.Available + owner.Earnings + owner.InTransit + owner.Held - owner.Receivable;
        }
        foreach (var job in Jobs.Values) liabilities += job.Escrow;
        Assert.Equal(Balance(Account.Stripe), liabilities);
        foreach (var subject in Facts.GroupBy(fact => fact.Subject))
            Assert.Equal(Enumerable.Range(1, subject.Count()), subject.Select(fact => fact.Sequence));
    }

    private Money Balance(Account account)
    {
        var sum = Money.Zero;
        foreach (var entry in Entries.Values)
        {
            if (entry.Debit == account) sum += account.IsAsset ? entry.Amount : Money.Zero - entry.Amount;
            if (entry.Credit == account) sum += account.IsAsset ? Money.Zero - entry.Amount : entry.Amount;
        }
        return sum;
    }

    private void Change(Account account, Money by)
    {
        if (account.Kind is AccountKind.JobEscrow)
        {
            var job = Jobs[account.Holder];
            Jobs[account.Holder] = job with { Escrow = job.Escrow + by };
        }
        else if (account.Holder != Guid.Empty)
        {
            var owner = Owners[account.Holder];
            Owners[account.Holder] = account.Kind switch
            {
                AccountKind.OwnerAvailable => owner with { Available = owner.Available + by },
                AccountKind.OwnerEarnings => owner with { Earnings = owner.Earnings + by },
                AccountKind.OwnerHeld => owner with { Held = owner.Held + by },
                AccountKind.OwnerReceivable => owner with { Receivable = owner.Receivable + by },
                _ => owner with { InTransit = owner.InTransit + by },
            };
        }
    }

    private void Put(Row row)
    {
        switch (row.Value)
        {
            case Job job: Keep(Jobs, job.Id, job, row.Change); break;
            case Owner owner: Keep(Owners, owner.Id, owner, row.Change); break;
            case Bid bid: Keep(Bids, bid.Id, bid, row.Change); break;
            case FundingRequest request: Keep(Waiting, request.JobId, request, row.Change); break;
            case Operation operation: Keep(Operations, operation.Id, operation, row.Change); break;
            case OpenListing listing when row.Change is RowChange.Insert:
                Assert.True(Listings.Add(listing.JobId));
                break;
            case OpenListing listing: Assert.True(Listings.Remove(listing.JobId)); break;
            case OpenDispute dispute when row.Change is RowChange.Insert:
                Assert.True(Disputes.Add(dispute.JobId));
                break;
            case OpenDispute dispute: Assert.True(Disputes.Remove(dispute.JobId)); break;
            case Submission submission when row.Change is RowChange.Insert:
                Submissions.Add(submission);
                break;
            case CounterOffer offer: Keep(CounterOffers, offer.JobId, offer, row.Change); break;
            case Submission or JobTerms or Evidence: break;
            default: Assert.Fail($"No table for a {row.Value.GetType().Name}"); break;
        }
    }

    private static void Keep<T>(SortedDictionary<Guid, T> rows, Guid id, T value, RowChange change)
    {
        if (change is RowChange.Insert) rows.Add(id, value);
        else if (change is RowChange.Delete) Assert.True(rows.Remove(id));
        else
        {
            Assert.True(rows.ContainsKey(id), $"{typeof(T).Name} {id} is not there to be changed");
            rows[id] = value;
        }
    }
}
