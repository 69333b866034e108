using System.Security.Cryptography;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using Finished = VoxPact.Domain.Jobs.Job;

namespace VoxPact.Bench;

/// <summary>
/// Fills a database with agents and with jobs that are over, as the engine would have written them: every movement,
/// fact, text and commit is there and valid.
/// </summary>
internal sealed class Stock(IStore store, CommitChain chain, byte[] pepper)
{
    private const int RowsInCommit = 100;
    private static readonly byte[] Hash = SHA256.HashData("work"u8);
    private static readonly byte[] Answer = System.Text.Encoding.UTF8.GetBytes(
        "{\"success\":true,\"data\":{\"title\":\"" + new string('x', 650) + "\"}}");

    private static readonly string[] s_offers = ["summarization", "translation", "research", "coding", "images"];

    private readonly List<(Guid Owner, Guid Agent)> _people = [];
    private long _nowUs = (TimeProvider.System.GetUtcNow().AddDays(-100) - DateTimeOffset.UnixEpoch).Ticks / 10;
    private int _jobs;

    /// <summary>True leaves the answers that Idempotency-Keys would replay, as they are for 30 days.</summary>
    public bool KeepsAnswers { get; init; }

    /// <summary>The newest jobs, and the agents that can be asked about them.</summary>
    public IReadOnlyList<(Guid Job, int Buyer)> Newest => _newest;

    private readonly List<(Guid Job, int Buyer)> _newest = [];

    public static async Task<Stock> OpenAsync(IStore store, byte[] pepper, bool keepsAnswers = false)
    {
        var chain = new CommitChain(CommitChain.KeyFrom(pepper), await store.RegisterNodeAsync(0, default));
        return new Stock(store, chain, pepper) { KeepsAnswers = keepsAnswers };
    }

    /// <summary>The key of the agent of that number.</summary>
    public static string KeyOf(int person)
    {
        byte[] random = SHA256.HashData(BitConverter.GetBytes(person));
        return ApiKey.Create(ApiKey.AgentPrefix, random);
    }

    public Task PeopleAsync(int count) => FillAsync(count, (rows, decision, _) => Person(rows, decision));

    public Task JobsAsync(int count) => FillAsync(count, (rows, decision, _) => Job(rows, decision, _jobs++));

    /// <summary>Timers: of jobs that have long gone on, due at the time that is given for each.</summary>
    public Task TimersAsync(int count, Func<int, long> dueUs) => FillAsync(count, (rows, _, i) =>
        rows.Work.Apply(new StoredWork
        {
            Id = Id.New(_nowUs),
            Item = new WorkItem(WorkKind.RunJobTimer, Id.New(_nowUs), dueUs(i), dueUs(i)),
        }, RowChange.Insert));

    private async Task FillAsync(int count, Action<Snapshot, Decision, int> fill)
    {
        await using var lane = await store.OpenLaneAsync(default);
        for (int at = 0; at < count; at += RowsInCommit)
        {
            _nowUs += 10_000;
            var rows = new Snapshot();
            await lane.LoadAsync(new LoadPlan { NowUs = _nowUs, RealNowUs = _nowUs }, rows, default);
            var decision = new Decision();
            for (int i = at; i < Math.Min(at + RowsInCommit, count); i++) fill(rows, decision, i);
            rows.Apply(decision, [], _nowUs, chain.NextId);
            var row = chain.Next(rows, _nowUs);
            await lane.CommitAsync(rows, row, default);
            chain.Advance(row);
        }
    }

    private void Person(Snapshot rows, Decision decision)
    {
        var (owner, agent, charge) = (Id.New(_nowUs), Id.New(_nowUs), Id.New(_nowUs));
        int number = _people.Count;
        _people.Add((owner, agent));
        rows.Owners.Apply(new Owner { Id = owner, Email = "a@example.com", CreatedUs = _nowUs }, RowChange.Insert);
        string offer = s_offers[number % s_offers.Length];
        var active = new Agent
        {
            Id = agent,
            OwnerId = owner,
            Name = $"agent {number}",
            Status = AgentStatus.Active,
            KeyHash = ApiKey.Hash(KeyOf(number), pepper),
            KeyGeneration = 1,
            Capabilities = $"[\"{offer}\"]",
            Description = $"Does {offer} of number {number % 1_000} for everybody.",
            TrustScore = number % 100,
            CreatedUs = _nowUs,
            ActivatedUs = _nowUs,
        };
        decision.Add(active);
        decision.Add(AgentPage.Of(active, [offer]));
        var amount = new Money(1_000_000_000);
        decision.Add(new Domain.Ledger.Operation
        {
            Id = charge,
            Kind = OperationKind.Charge,
            OwnerId = owner,
            Amount = amount,
            Body = "{}",
            State = OperationState.Done,
            CreatedUs = _nowUs,
            SettledUs = _nowUs,
        });
        decision.Move(Movements.TopUp(charge, owner, amount, _nowUs));
        _balances[owner] = rows.Owners;
    }

    private void Job(Snapshot rows, Decision decision, int at)
    {
        var (buyer, worker) = (_people[at % _people.Count], _people[(at + 1) % _people.Count]);
        foreach (var (owner, _) in new[] { buyer, worker })
            if (rows.Owners.Find(owner) is null) rows.Owners.Load(_balances[owner].Find(owner)!);
        var id = Id.New(_nowUs);
        _newest.Add((id, at % _people.Count));
        if (_newest.Count > 10_000) _newest.RemoveRange(0, 5_000);
        var fee = new BasisPoints(1_000);
        var amount = new Money(10);
        decision.Add(Finished.Restore(new Finished
        {
            Id = id,
            BuyerAgent = buyer.Agent,
            BuyerOwner = buyer.Owner,
            WorkerAgent = worker.Agent,
            WorkerOwner = worker.Owner,
            IsOpen = false,
            Title = "Summarise this document",
            Amount = amount,
            Fee = fee,
            ReviewHours = 48,
            MaxRevisions = 2,
            Submissions = 1,
            DeliverableHash = Hash,
            Closed = ClosedReason.Validated,
            Sequence = 7,
            CreatedUs = _nowUs,
            AcceptedUs = _nowUs,
            SubmittedUs = _nowUs,
            CompletedUs = _nowUs,
        }, JobState.Completed));
        decision.Add(new JobTerms
        {
            JobId = id,
            Description = "Summarise the document on the quarterly results in one sentence.",
        });
        decision.Add(new Submission
        {
            JobId = id,
            Number = 1,
            Deliverable = "\"Summary: The document discusses the quarterly results and finds revenue up 12 percent.\"",
            Hash = Hash,
            CreatedUs = _nowUs,
        });
        decision.Move(Movements.Hold(id, buyer.Owner, amount, _nowUs));
        decision.Move(Movements.Release(id, worker.Owner, amount, fee, _nowUs));
        for (int sequence = 1; sequence <= 7; sequence++)
            decision.Tell(new Fact((FactType)sequence, id, sequence, _nowUs,
                new FactData { JobId = id, State = "completed", AmountMinor = 10 }, []));
        for (int i = 0; KeepsAnswers && i < 4; i++)
            rows.Answers.Apply(new StoredAnswer
            {
                AgentId = buyer.Agent,
                Scope = RandomNumberGenerator.GetBytes(16),
                RequestHash = Hash,
                Status = 200,
                Body = Answer,
                CreatedUs = _nowUs,
            }, RowChange.Insert);
        _balances[buyer.Owner] = rows.Owners;
        _balances[worker.Owner] = rows.Owners;
    }

    // What the last commit that touched an owner left them with.
    private readonly Dictionary<Guid, Shelf<Owner>> _balances = [];
}
