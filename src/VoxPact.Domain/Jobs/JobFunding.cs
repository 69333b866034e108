using System.Text.Json;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// How a job gets its money: from the owner's balance at once, or through one top-up of that balance at a time,
/// which other jobs of the owner wait for.
/// </summary>
public static class JobFunding
{
    /// <summary>
    /// Posts a job: funded at once when the balance suffices, waiting in <see cref="JobState.Funding"/> when a card can
    /// be charged, refused (402) when there is none.
    /// </summary>
    /// <param name="keyId">The named key that the post counts against.</param>
    /// <param name="counted">What it counts, where that is not the job's amount.</param>
    public static Outcome Post(
        Job job, JobTerms terms, Owner buyer, Guid topUpId, byte[]? idempotencyScope, JobContext context,
        Guid? keyId = null, Money? counted = null)
    {
        var decision = new Decision();
        var left = Debts.Collect(decision, buyer, context.NowUs);
        var needed = job.Amount + left.Owed;
        if (left.Available >= needed)
            return Posted(decision.Include(JobLifecycle.Fund(job, context).Decision!), terms);
        if (buyer.DefaultCardId is null)
            return new Refusal(RefusalCode.PaymentMethodRequired,
                $"No payment method can fund this job: the balance is {context.Policy.Show(left.Available)}, the job "
                + $"needs {context.Policy.Show(job.Amount)}{Owing(left.Owed, context)}, and no saved card can be "
                + "charged: there is none, or it has expired. Save one with POST /v1/payment-methods/setup, then post "
                + "again.");
        decision.Include(JobLifecycle.AwaitFunding(job, context));
        Guid waitsFor = buyer.TopUpId ?? topUpId;
        decision.Add(new FundingRequest
        {
            JobId = job.Id,
            OwnerId = buyer.Id,
            TopUpId = waitsFor,
            Told = job.Part is { IsLater: true },
            IdempotencyScope = idempotencyScope,
            KeyId = keyId,
            Counted = counted,
        });
        if (buyer.TopUpId is null) StartTopUp(decision, buyer, needed - left.Available, topUpId, context);
        return Posted(decision, terms);
    }

    /// <summary>
    /// Posts a later part as <see cref="Post"/> does. Where there is no money for it, it waits for any: the next top-up
    /// of the owner that suffices funds it, and its due time ends it.
    /// </summary>
    public static Decision PostPart(Job part, JobTerms terms, Owner buyer, Guid topUpId, JobContext context)
    {
        if (Post(part, terms, buyer, topUpId, null, context).Decision is { } posted) return posted;
        var waits = JobLifecycle.AwaitFunding(part, context);
        waits.Include(JobLifecycle.WantForMoney(waits.Job, new FactData
        {
            AmountMinor = part.Amount.Minor,
            Reason = "insufficient_balance",
        }, context));
        return Posted(waits.Add(new FundingRequest
        {
            JobId = part.Id,
            OwnerId = buyer.Id,
            TopUpId = part.Id,
            Told = true,
        }), terms);
    }

    /// <summary>Posts a later part that has ended already, since one of its parties is no longer there.</summary>
    public static Decision DropPart(Job part, JobTerms terms, JobContext context) =>
        Posted(JobLifecycle.DropPart(part, context), terms);

    /// <summary>
    /// A top-up was settled: fund what waited, in order; a decline fails the jobs that waited for that charge; what is
    /// still short starts the next top-up. Jobs that ended meanwhile only leave the queue.
    /// </summary>
    public static IReadOnlyList<(FundingRequest Funding, Outcome Outcome)> FundWaiting(
        Owner buyer, IReadOnlyList<(FundingRequest Funding, Job? Job)> waiting, Operation settled, Guid nextTopUpId,
        Decision rest, JobContext context)
    {
        var results = new List<(FundingRequest, Outcome)>();
        var (available, _, owed) = Debts.Collect(rest, buyer, context.NowUs);
        var shortfall = Money.Zero;
        foreach (var (funding, job) in waiting)
        {
            if (job is not { State: JobState.Funding })
            {
                rest.Remove(funding);
                continue;
            }
            bool declined = settled.State is OperationState.Declined && funding.TopUpId == settled.Id;
            if (!declined && owed == Money.Zero && available >= job.Amount)
            {
                available -= job.Amount;
                results.Add((funding, JobLifecycle.Fund(job, context).Decision!.Remove(funding)));
            }
            else if (job.Part is { IsLater: true } && (declined || buyer.DefaultCardId is null))
            {
                if (declined) results.Add((funding, StillWaits(job, funding, settled, context)));
            }
            else if (declined || buyer.DefaultCardId is null)
            {
                results.Add((funding, Fail(job, funding, settled, context)));
            }
            else
            {
                shortfall += job.Amount;
                rest.Put(funding with { TopUpId = buyer.TopUpId ?? nextTopUpId });
            }
        }
        if (shortfall > Money.Zero && shortfall + owed > available && buyer.TopUpId is null)
            StartTopUp(rest, buyer, shortfall + owed - available, nextTopUpId, context);
        return results;
    }

    /// <summary>A declined card ends no series: the part waits on for other money, until its due time.</summary>
    private static Outcome StillWaits(Job part, FundingRequest funding, Operation settled, JobContext context) =>
        JobLifecycle.WantForMoney(part, FailureOf(settled), context).Put(funding with { TopUpId = part.Id });

    private static Outcome Fail(Job job, FundingRequest funding, Operation settled, JobContext context)
    {
        if (funding.Told)
            return JobLifecycle.FailFunding(job, FailureOf(settled), context).Remove(funding);
        // Its client was never told of it, so the answer is a plain 402 and there is no job.
        var gone = new Decision().Remove(funding).Remove(new JobTerms { JobId = job.Id, Description = "" });
        for (int number = 1; number <= (job.Part?.Of ?? 0); number++)
            gone.Remove(new JobPart
            {
                SeriesId = job.Id,
                Number = number,
                SeriesTitle = "",
                Title = "",
                Description = "",
                Amount = Money.Zero,
            });
        return gone.Remove(job);
    }

    private static FactData FailureOf(Operation settled) => new()
    {
        OperationId = settled.Id,
        AmountMinor = settled.Amount.Minor,
        Reason = settled.FailureCode,
    };

    private static Decision Posted(Decision decision, JobTerms terms)
    {
        // The job is new: what the lifecycle put is in truth an insert.
        int at = decision.Rows.FindIndex(row => row.Value is Job);
        decision.Rows[at] = decision.Rows[at] with { Change = RowChange.Insert };
        return decision.Add(terms);
    }

    private static string Owing(Money owed, JobContext context) => owed == Money.Zero
        ? ""
        : $" and {context.Policy.Show(owed)} are owed after a chargeback";

    /// <summary>Charges the default card for a shortfall, or for the least that a card is charged.</summary>
    /// <param name="agent">Who asked for it, when no job did.</param>
    public static void StartTopUp(
        Decision decision, Owner buyer, Money shortfall, Guid id, JobContext context, Guid? agent = null)
    {
        var amount = Money.Max(shortfall, context.Policy.TopUpUnit);
        string owner = Id.Format(Id.Owner, buyer.Id);
        var operation = new Operation
        {
            Id = id,
            Kind = OperationKind.Charge,
            OwnerId = buyer.Id,
            Amount = amount,
            Body = "",
            CreatedUs = context.NowUs,
            ParentId = agent,
        };
        var body = new ChargeBody(amount.Minor, context.Policy.Currency, buyer.CustomerId!, buyer.DefaultCardId!,
            new Dictionary<string, string> { ["op"] = operation.Name, ["owner"] = owner });
        decision.Add(operation with { Body = JsonSerializer.Serialize(body) });
        decision.Put(buyer with { TopUpId = id });
        decision.Later(new WorkItem(WorkKind.SendOperation, id, context.NowUs));
    }
}
