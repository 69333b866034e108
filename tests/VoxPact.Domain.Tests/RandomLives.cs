using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Tests;

/// <summary>
/// One random step: what is tried, on which of the jobs, by whom, and a number to make choices with.
/// </summary>
internal readonly record struct Step(int What, int Which, int Who, int Number);

/// <summary>
/// A small market on the pure domain in which anybody may try anything: three owners with an agent each,
/// jobs, bids, charges that succeed or are declined, judges, timers that come late, transfers.
/// </summary>
internal sealed class RandomLives
{
    public const int Kinds = 31;
    private static readonly Policy s_policy = new() { Currency = "eur", NewPayerHoldUs = 30 * JobTimes.HourUs };
    private static readonly Policy s_patient = s_policy with { AppealUs = 72 * JobTimes.HourUs };
    private readonly List<Guid> _jobs = [];
    private long _nowUs = 1_000 * JobTimes.HourUs;
    private int _ids = 1_000;

    public Books Books { get; } = new();

    /// <summary>How many steps were allowed: a walk in which all are refused would prove nothing.</summary>
    public int Allowed { get; private set; }

    public RandomLives()
    {
        for (int at = 0; at < 3; at++)
            Books.Owners[Owner(at)] = Scene.NewOwner(Owner(at)) with
            {
                CustomerId = "cus",
                DefaultCardId = "pm",
                PayoutsEnabled = at > 0
            };
    }

    public void Take(Step step)
    {
        _nowUs += step.Number % 7 * 1_000_000L;
        switch (step.What)
        {
            case 0 or 1: Post(step); break;
            case 2: Settle(step); break;
            case 3: _nowUs += step.Number % 100 * JobTimes.HourUs; break;
            case 4: RunTimers(step); break;
            case 5: PayOut(step); break;
            case 6: SettleTransfer(step); break;
            case 7: ChangeCard(step); break;
            case 20: Withdraw(step); break;
            case 21: SettleRefund(step); break;
            case 22: OpenDispute(step); break;
            case 23: CloseDispute(step); break;
            case 24: Reverse(step); break;
            default: if (_jobs.Count > 0) Act(step, _jobs[step.Which % _jobs.Count]); break;
        }
    }

    private void Act(Step step, Guid id)
    {
        if (!Books.Jobs.TryGetValue(id, out var job)) return;
        // Mostly a party that could do it, sometimes one that may not.
        var by = (step.Who % 8) switch
        {
            0 => Party.None,
            1 => Party.Arbiter,
            < 5 => Party.Buyer,
            _ => Party.Worker,
        };
        var context = Context(job);
        bool flag = step.Number % 2 == 0;
        Do(id, step.What switch
        {
            8 => JobLifecycle.Accept(job, by, context),
            9 => JobLifecycle.Decline(job, by, context),
            10 or 11 => JobLifecycle.Submit(job, by, Scene.Work(job) with { Hash = [(byte)step.Number] },
                context),
            12 => JobLifecycle.Approve(job, by, context),
            13 => JobLifecycle.RequestRevision(job, by, context),
            14 => JobLifecycle.Cancel(job, by, context),
            15 => flag ? JobLifecycle.Dispute(job, by, context) : JobLifecycle.Concede(job, by, context),
            16 => JobLifecycle.Resolve(job, Party.Arbiter, flag, context),
            17 => PlaceBid(step, job, context),
            18 => Books.Bids.Values.FirstOrDefault(bid => bid.JobId == id) is { } bid
                ? JobLifecycle.AcceptBid(job, bid, by, context)
                : Refusal.NotFound,
            25 => JobLifecycle.ResolveBySplit(job, Party.Arbiter, new Money(step.Number % 997), context),
            27 => Counter(step, job, by, context),
            28 => JobLifecycle.Appeal(job, by, context),
            29 => JobLifecycle.AddEvidence(job, Scene.EvidenceOf(job.BuyerAgent) with { JobId = id }, 0, by, context),
            30 => JobLifecycle.Resolve(job, Party.Arbiter, flag, context with { Policy = s_patient }),
            26 => JobLifecycle.Bonus(job, by, new Operation
            {
                Id = Next(),
                Kind = OperationKind.Bonus,
                OwnerId = job.BuyerOwner,
                Amount = new Money(1 + step.Number % 97),
                Body = "",
                State = OperationState.Done,
                CreatedUs = _nowUs,
                ParentId = id,
            }, context),
            _ => JobLifecycle.RecordVerdict(job,
                Books.Submissions.LastOrDefault(one => one.JobId == id) ?? Scene.Work(job),
                (VerdictOutcome)(1 + step.Number % 4), context),
        });
    }

    private void Post(Step step)
    {
        int buyer = step.Who % 3, worker = (buyer + 1 + step.Which % 2) % 3;
        bool open = step.Number % 3 == 0;
        var id = Next();
        var job = new Job
        {
            Id = id,
            BuyerAgent = Agent(buyer),
            BuyerOwner = Owner(buyer),
            WorkerAgent = open ? null : Agent(worker),
            WorkerOwner = open ? null : Owner(worker),
            IsOpen = open,
            OfferHours = step.Number % 6 == 1 ? 1 + step.Number % 50 : null,
            FallbackAgent = !open && step.Number % 4 == 1 ? Agent(3 - buyer - worker) : null,
            FallbackOwner = !open && step.Number % 4 == 1 ? Owner(3 - buyer - worker) : null,
            FallsOpen = !open && step.Number % 8 < 2,
            Title = "",
            Amount = new Money(1 + step.Number % 997),
            DeadlineUs = step.Number % 5 == 0 ? _nowUs + step.Number % 90 * JobTimes.HourUs : null,
            Release = (ReleaseMode)(step.Number / 2 % 2),
            ReviewHours = 1 + step.Number % 50,
            MaxRevisions = step.Number % 3,
            CreatedUs = _nowUs,
        };
        Do(id, JobFunding.Post(job, new JobTerms { JobId = id, Description = "" }, Books.Owners[Owner(buyer)],
            Next(), null, Context(job)));
        if (Books.Jobs.ContainsKey(id)) _jobs.Add(id);
        if (step.Number % 4 == 0 && Books.Waiting.TryGetValue(id, out var waiting)) Books.Waiting[id] =
            waiting with { Told = true };
    }

    private Outcome Counter(Step step, Job job, Party by, JobContext context)
    {
        var standing = Books.CounterOffers.GetValueOrDefault(job.Id);
        return (step.Number % 5) switch
        {
            0 => JobLifecycle.WithdrawCounterOffer(job, standing, by, context),
            1 => JobLifecycle.DeclineCounterOffer(job, standing, by, context),
            2 => JobLifecycle.AcceptCounterOffer(job, standing, by, context),
            _ => JobLifecycle.MakeCounterOffer(
                job, Scene.CounterOfferOf(job, 1 + step.Number % 997), standing, by, context),
        };
    }

    private Outcome PlaceBid(Step step, Job job, JobContext context)
    {
        int bidder = step.Who % 3;
        if (context.Bids!.FirstOrDefault(bid => bid.Bidder == Agent(bidder) && bid.State is BidState.Live) is { } own)
            return step.Number % 2 == 0
                ? JobLifecycle.WithdrawBid(job, own, job.PartyOf(own.Bidder), context)
                : JobLifecycle.ChangeBid(
                    job, own with { Amount = new Money(1 + step.Number % 997) }, job.PartyOf(own.Bidder), context);
        return JobLifecycle.PlaceBid(job, new Bid
        {
            Id = Next(),
            JobId = job.Id,
            Bidder = Agent(bidder),
            BidderOwner = Owner(bidder),
            Amount = new Money(1 + step.Number % 997),
            CreatedUs = _nowUs,
        }, job.PartyOf(Agent(bidder)), context);
    }

    /// <summary>As the server does it: the charge first, in a later commit whoever waited for it.</summary>
    private void Settle(Step step)
    {
        var pending = Pending(OperationKind.Charge).ToList();
        if (pending.Count == 0) return;
        var charge = pending[step.Which % pending.Count];
        bool declined = step.Number % 4 == 0;
        var settled = charge with
        {
            State = declined ? OperationState.Declined : OperationState.Done,
            ProviderId = "pi",
        };
        Books.Apply(Settlement.Of(settled, Books.Owners[charge.OwnerId], null, [], Context()));
        var waiting = Books.Waiting.Values.Where(one => one.OwnerId == charge.OwnerId)
            .Select(one => (one, Books.Jobs.GetValueOrDefault(one.JobId))).ToList();
        var rest = new Decision();
        foreach (var (_, outcome) in JobFunding.FundWaiting(Books.Owners[charge.OwnerId], waiting, settled,
            Next(), rest,
            Context())) rest.Include(outcome.Decision!);
        Books.Apply(rest);
        Allowed++;
    }

    private void RunTimers(Step step)
    {
        var due = Books.Work.Where(work => work.DueUs <= _nowUs
            && work.Kind is WorkKind.RunJobTimer or WorkKind.MatureEarnings).ToList();
        if (due.Count == 0) return;
        var timer = due[step.Which % due.Count];
        if (timer.Kind is WorkKind.MatureEarnings)
        {
            Books.Work.Remove(timer);
            Mature(timer);
        }
        else if (Books.Jobs.TryGetValue(timer.Subject, out var job))
        {
            if (JobLifecycle.RunTimer(job, timer.Argument, Context(job)) is { } outcome) Do(job.Id, outcome);
            if (step.Number % 3 > 0) Books.Work.Remove(timer);
        }
    }

    private void Mature(WorkItem timer)
    {
        bool isBonus = Books.Operations.TryGetValue(timer.Subject, out var bonus);
        var job = Books.Jobs[isBonus ? bonus!.ParentId!.Value : timer.Subject];
        Books.Apply(new Decision().Move(Movements.Mature(timer.Subject, isBonus ? Slot.MatureBonus : Slot.Mature,
            job.WorkerOwner!.Value, new Money(timer.Argument), _nowUs)));
    }

    private void PayOut(Step step)
    {
        var owner = Books.Owners[Owner(step.Who % 3)];
        var decision = new Decision();
        var earnings = Debts.Collect(decision, owner, _nowUs).Earnings;
        if (earnings == Money.Zero) return;
        var operation = new Operation
        {
            Id = Next(),
            Kind = OperationKind.Transfer,
            OwnerId = owner.Id,
            Amount = earnings,
            Body = "",
            CreatedUs = _nowUs,
        };
        Books.Apply(decision.Add(operation).Put(owner with { PayoutScheduled = false })
            .Move(Movements.PayOut(operation.Id, owner.Id, operation.Amount, _nowUs)));
        Allowed++;
    }

    private void SettleTransfer(Step step)
    {
        var pending = Pending(OperationKind.Transfer).FirstOrDefault();
        if (pending is null) return;
        bool failed = step.Number % 3 == 0;
        Apply(Settlement.Of(
            pending with { State = failed ? OperationState.Declined : OperationState.Done },
            Books.Owners[pending.OwnerId], null, [], Context()));
    }

    private void Withdraw(Step step)
    {
        var owner = Books.Owners[Owner(step.Who % 3)];
        if (Withdrawals.Start(owner, step.Number % 2 == 0 ? null : new Money(1 + step.Number % 500),
            [.. Done(OperationKind.Charge).Where(charge => charge.OwnerId == owner.Id)], Next(), Context())
            is { Decision: { } decision }) Apply(decision);
    }

    private void SettleRefund(Step step)
    {
        if (Pending(OperationKind.Refund).FirstOrDefault() is { } refund)
            Apply(Settlement.Of(
                refund with { State = step.Number % 3 == 0 ? OperationState.Declined : OperationState.Done },
                Books.Owners[refund.OwnerId], ChargeOf(refund), [], Context()));
        else if (Done(OperationKind.Refund).FirstOrDefault(one => one.Returned == Money.Zero) is { } made)
            Apply(Settlement.RefundReturned(made, ChargeOf(made), [], Context()));
    }

    private void OpenDispute(Step step)
    {
        var charges = Done(OperationKind.Charge).ToList();
        if (step.Number % 3 > 0 || charges.Count == 0) return;
        var charge = charges[step.Which % charges.Count];
        var dispute = new Operation
        {
            Id = Next(),
            Kind = OperationKind.Dispute,
            OwnerId = charge.OwnerId,
            Amount = charge.Amount,
            Body = "",
            CreatedUs = _nowUs,
            ParentId = charge.Id,
        };
        var jobs = Books.Jobs.Values.Where(job => job.BuyerOwner == charge.OwnerId).Select(job =>
            (job, (IReadOnlyList<Bid>)[.. Books.Bids.Values.Where(bid => bid.JobId == job.Id)])).ToList();
        Apply(Chargebacks.Open(dispute, charge, Books.Owners[charge.OwnerId], jobs, [], Context()));
    }

    private void CloseDispute(Step step)
    {
        if (Pending(OperationKind.Dispute).FirstOrDefault() is { } dispute)
            Apply(Chargebacks.Close(dispute, step.Number % 2 == 0, Books.Operations[dispute.ParentId!.Value],
                Books.Owners[dispute.OwnerId], [], _nowUs));
    }

    private void Reverse(Step step)
    {
        var sent = Done(OperationKind.Transfer).FirstOrDefault(one => one.Returned == Money.Zero);
        if (step.Number % 4 > 0 || sent is null) return;
        var id = Next();
        Apply(new Decision()
            .Add(sent with { Id = id, Kind = OperationKind.Reversal, ParentId = sent.Id })
            .Put(sent with { Returned = sent.Amount })
            .Move(Movements.TransferReversed(id, sent.OwnerId, sent.Amount, _nowUs)));
    }

    private void Apply(Decision decision)
    {
        Books.Apply(decision);
        Allowed++;
    }

    private Operation ChargeOf(Operation refund) => Books.Operations[Settlement.ChargeOf(refund)!.Value];

    private IEnumerable<Operation> Done(OperationKind kind) => Books.Operations.Values.Where(
        operation => operation.Kind == kind && operation.State is OperationState.Done);

    private IEnumerable<Operation> Pending(OperationKind kind) => Books.Operations.Values.Where(
        operation => operation.Kind == kind && operation.State is OperationState.Pending);

    private void ChangeCard(Step step)
    {
        var owner = Books.Owners[Owner(step.Who % 3)];
        Books.Owners[owner.Id] = owner with { DefaultCardId = step.Number % 4 == 0 ? null : "pm" };
    }

    private void Do(Guid job, Outcome outcome)
    {
        if (outcome.Decision is not { } decision) return;
        Books.Apply(decision);
        Books.CheckJob(job);
        Allowed++;
    }

    private JobContext Context(Job job) => new(_nowUs, s_policy,
        job.WorkerOwner is { } owner ? Books.Owners[owner] : null,
            [.. Books.Bids.Values.Where(bid => bid.JobId == job.Id)], Books.Owners[job.BuyerOwner]);

    private JobContext Context() => new(_nowUs, s_policy);

    private Guid Next() => Scene.Numbered(_ids++);
    private static Guid Owner(int at) => Scene.Numbered(10 + at);
    private static Guid Agent(int at) => Scene.Numbered(20 + at);
}
