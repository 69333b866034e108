using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>
/// The market of <see cref="LedgerModel"/> as rows of a real database, changed only by the product's own commands
/// through its engine, or through the engines of two nodes by turns. It is founded when it is first used.
/// </summary>
internal sealed class EngineMarket
{
    private readonly Deployment[] _nodes;
    private readonly Lazy<bool> _founded;
    private readonly Owner[] _owners;
    private readonly Agent[] _agents;
    private readonly Guid[] _jobs;
    private readonly Guid[] _payouts;
    private int _turn;

    /// <param name="nodes">On one database, without workers: what happens later never does.</param>
    /// <param name="beginning">What happens before anything is tried.</param>
    public EngineMarket(Deployment[] nodes, IReadOnlyList<Try> beginning)
    {
        _nodes = nodes;
        long nowUs = nodes[0].Clock.NowUs;
        Guid[] New(int count) => [.. Enumerable.Range(0, count).Select(_ => Id.New(nowUs))];
        _owners = [.. New(LedgerModel.Owners).Select(id => new Owner
        {
            Id = id,
            Email = "",
            CustomerId = $"cus_{id:N}",
            AccountId = $"acct_{id:N}",
            PayoutsEnabled = true,
            CreatedUs = nowUs,
        })];
        _agents = [.. _owners.Select(owner => new Agent
        {
            Id = Id.New(nowUs),
            OwnerId = owner.Id,
            Name = "",
            Status = AgentStatus.Active,
            KeyHash = [.. owner.Id.ToByteArray(), .. owner.Id.ToByteArray()],
            KeyGeneration = 1,
            CreatedUs = nowUs,
        })];
        (_jobs, _payouts) = (New(LedgerModel.Places), New(LedgerModel.Owners));
        _founded = new Lazy<bool>(() => FoundAsync(beginning).GetAwaiter().GetResult());
    }

    private Deployment Node => _nodes[Interlocked.Increment(ref _turn) % _nodes.Length];

    public void Take(Try step)
    {
        _ = _founded.Value;
        TakeAsync(step).GetAwaiter().GetResult();
    }

    public override string ToString()
    {
        _ = _founded.Value;
        return ShowAsync().GetAwaiter().GetResult();
    }

    private async Task<bool> FoundAsync(IReadOnlyList<Try> beginning)
    {
        await RunAsync(new Insert([.. _owners, .. _agents]));
        for (int at = 0; at < LedgerModel.Owners; at++) await TopUpAsync(at, LedgerModel.Founded);
        foreach (var step in beginning) await TakeAsync(step);
        return true;
    }

    private Task TakeAsync(Try step)
    {
        var (act, place, minor) = step;
        var (job, buyer, worker) = (_jobs[place], LedgerModel.BuyerOf(place), LedgerModel.WorkerOf(place));
        return act switch
        {
            Act.Post => RunAsync(Post(place, minor)),
            Act.Accept => RunAsync(Step(job, JobLifecycle.Accept, worker)),
            Act.Decline => RunAsync(Step(job, JobLifecycle.Decline, worker)),
            Act.Cancel => RunAsync(Step(job, JobLifecycle.Cancel, buyer)),
            Act.Approve => RunAsync(Step(job, JobLifecycle.Approve, buyer)),
            Act.Dispute => RunAsync(Step(job, JobLifecycle.Dispute, worker)),
            Act.Concede => RunAsync(Step(job, JobLifecycle.Concede, worker)),
            Act.Submit => RunAsync(new TakeSubmission(job, Deliverable.FromText("Costs rose by a tenth."), null)
            { CallerKey = _agents[worker].KeyHash }),
            Act.Pass => RunAsync(new Judge(job, VerdictOutcome.Pass)),
            Act.Fail => RunAsync(new Judge(job, VerdictOutcome.Fail)),
            Act.Doubt => RunAsync(new Judge(job, VerdictOutcome.Unsure)),
            Act.Release => RunAsync(new ResolveDispute.Command(job, true, null, "Done.") { OperatorKey = null }),
            Act.GiveBack => RunAsync(new ResolveDispute.Command(job, false, null, "Not done.") { OperatorKey = null }),
            Act.Split => RunAsync(new ResolveDispute.Command(
                job, false, new Money(step.Part), "A part is done.")
            { OperatorKey = null }),
            Act.Bonus => RunAsync(new AddBonus.Command(job, new Money(minor), Id.New(Node.Clock.NowUs), [], false)
            { CallerKey = _agents[buyer].KeyHash }),
            Act.TopUp => TopUpAsync(buyer, minor),
            Act.PayOut => RunAsync(new RequestPayout.Command(step.Part, new Money(1_000_000), _payouts[buyer])
            { CallerKey = _agents[buyer].KeyHash, Idempotency = Once(_payouts[buyer]) }),
            Act.PayOutSent => SettleAsync(_payouts[buyer], new ProviderOutcome.Succeeded($"tr_{_payouts[buyer]:N}")),
            Act.PayOutFailed => SettleAsync(_payouts[buyer], new ProviderOutcome.Declined("account_invalid", "No.")),
        };
    }

    private Task<Reply> RunAsync(Command command) => Node.Engine.RunAsync(command);

    private PostJob.Command Post(int place, int minor)
    {
        var node = Node;
        var draft = JobDraft.From(new PostJobRequest
        {
            WorkerAgentId = Id.Format(Id.Agent, _agents[LedgerModel.WorkerOf(place)].Id),
            Title = "Summarise this document",
            Description = "In one sentence.",
            Amount = minor / 100m,
            MaxRevisions = 0,
        }, node.Clock.NowUs, node.Policy);
        return new PostJob.Command(draft, _jobs[place], Id.New(node.Clock.NowUs), [])
        { CallerKey = _agents[LedgerModel.BuyerOf(place)].KeyHash, Idempotency = Once(_jobs[place]) };
    }

    /// <summary>A second time, the first one's answer is given again and nothing moves.</summary>
    private static IdempotencyClaim Once(Guid id) => new(id.ToByteArray(), [.. id.ToByteArray(), .. id.ToByteArray()], null);

    private JobAct Step(Guid job, Func<Job, Party, JobContext, Outcome> act, int caller) =>
        new(job, act) { CallerKey = _agents[caller].KeyHash };

    /// <summary>The outcome is told twice at once, as the answer and the event of a charge are.</summary>
    private async Task TopUpAsync(int at, int minor)
    {
        var node = Node;
        var charge = new Operation
        {
            Id = Id.New(node.Clock.NowUs),
            Kind = OperationKind.Charge,
            OwnerId = _owners[at].Id,
            Amount = new Money(minor),
            Body = JsonSerializer.Serialize(new ChargeBody(minor, node.Policy.Currency, "", "",
                new Dictionary<string, string>())),
            CreatedUs = node.Clock.NowUs,
        };
        await RunAsync(new Insert([charge]));
        var paid = new ProviderOutcome.Succeeded($"pi_{charge.Id:N}");
        await Task.WhenAll(Enumerable.Range(0, 2)
            .Select(_ => SettleOperation.RunAsync(Node, charge, paid, null, CancellationToken.None)));
    }

    private async Task SettleAsync(Guid payout, ProviderOutcome outcome)
    {
        var node = Node;
        if (await node.Store.QueryAsync(OperationQueries.One(payout), CancellationToken.None) is [var asked])
            await SettleOperation.RunAsync(node, asked, outcome, null, CancellationToken.None);
    }

    private async Task<string> ShowAsync()
    {
        var shown = new List<string>();
        foreach (var owner in _owners)
        {
            var now = (await Node.Store.QueryAsync(OwnerQueries.One(owner.Id), CancellationToken.None))[0];
            shown.Add($"{now.Available.Minor} {now.Earnings.Minor} {now.InTransit.Minor}");
        }
        var look = new Look(_jobs);
        var jobs = ((await Node.Engine.RunWorkAsync(look)).Value as IReadOnlyList<Job?>)!;
        shown.AddRange(jobs.Select(job => job is null ? "none 0" : $"{JobWords.Of(job.State)} {job.Escrow.Minor}"));
        return string.Join("; ", shown);
    }

    private sealed class Insert(IReadOnlyList<object> rows) : Command
    {
        public override Ruling Decide(Snapshot snapshot, DecisionContext context)
        {
            var decision = new Decision();
            foreach (object row in rows) decision.Add(row);
            return new Ruling(decision, Reply.None);
        }
    }

    /// <summary>What the judges' work does once both have answered.</summary>
    private sealed class Judge(Guid jobId, VerdictOutcome outcome) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { DeliverableHash: { } hash } job) return Reply.None;
            var judged = new Submission
            {
                JobId = jobId,
                Number = job.Submissions,
                Deliverable = "\"Costs rose by a tenth.\"",
                Hash = hash,
                CreatedUs = context.NowUs,
                Outcome = outcome,
            };
            var ruled = JobLifecycle.RecordVerdict(job, judged, outcome, rows.ContextFor(job, context));
            return ruled.Refusal is { } refusal ? refusal : new Ruling(ruled.Decision, Reply.None);
        }
    }

    private sealed class Look(Guid[] jobs) : Command
    {
        public override void Need(LoadPlan plan) => plan.Jobs.UnionWith(jobs);

        public override Ruling Decide(Snapshot rows, DecisionContext context) =>
            Reply.Holding((IReadOnlyList<Job?>)[.. jobs.Select(job => rows.Jobs.Find(job))]);
    }
}
