using System.Diagnostics;
using System.Security.Cryptography;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using Finished = VoxPact.Domain.Jobs.Job;

namespace VoxPact.Bench;

/// <summary>
/// Fills a database with jobs that are over, as the engine would have written them: every movement, fact, stored
/// answer and commit is there and valid, so that a check has all of its work to do.
/// </summary>
internal sealed class CheckLoad(IStore store, CommitChain chain, int owners)
{
    private const int JobsInCommit = 40;
    private static readonly byte[] Hash = SHA256.HashData("work"u8);
    private static readonly byte[] Answer = System.Text.Encoding.UTF8.GetBytes(
        "{\"success\":true,\"data\":{\"title\":\"" + new string('x', 650) + "\"}}");

    private readonly List<(Guid Owner, Guid Agent)> _people = [];
    private long _nowUs = (TimeProvider.System.GetUtcNow().AddDays(-100) - DateTimeOffset.UnixEpoch).Ticks / 10;

    public async Task PeopleAsync()
    {
        await using var lane = await store.OpenLaneAsync(default);
        for (int at = 0; at < owners; at += JobsInCommit)
            await CommitAsync(lane, (rows, decision) =>
            {
                for (int i = 0; i < JobsInCommit; i++) Person(rows, decision);
            });
    }

    public async Task JobsAsync(int count)
    {
        await using var lane = await store.OpenLaneAsync(default);
        for (int at = 0; at < count; at += JobsInCommit)
        {
            int first = at;
            await CommitAsync(lane, (rows, decision) =>
            {
                for (int i = first; i < Math.Min(first + JobsInCommit, count); i++) Job(rows, decision, i);
            });
        }
    }

    private async Task CommitAsync(ILane lane, Action<Snapshot, Decision> fill)
    {
        _nowUs += 100_000;
        var rows = new Snapshot();
        await lane.LoadAsync(new LoadPlan { NowUs = _nowUs, RealNowUs = _nowUs }, rows, default);
        var decision = new Decision();
        fill(rows, decision);
        rows.Apply(decision, [], _nowUs, chain.NextId);
        var row = chain.Next(rows, _nowUs);
        await lane.CommitAsync(rows, row, default);
        chain.Advance(row);
    }

    private void Person(Snapshot rows, Decision decision)
    {
        var (owner, agent, charge) = (Id.New(_nowUs), Id.New(_nowUs), Id.New(_nowUs));
        _people.Add((owner, agent));
        rows.Owners.Apply(new Owner { Id = owner, Email = "a@example.com", CreatedUs = _nowUs }, RowChange.Insert);
        decision.Add(new Agent
        {
            Id = agent,
            OwnerId = owner,
            Name = "a",
            Status = AgentStatus.Active,
            KeyHash = agent.ToByteArray(),
            KeyGeneration = 1,
            CreatedUs = _nowUs,
        });
        var amount = new Money(1_000_000_000);
        decision.Add(new Operation
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
    }

    private void Job(Snapshot rows, Decision decision, int at)
    {
        var (buyer, worker) = (_people[at % _people.Count], _people[(at + 1) % _people.Count]);
        foreach (var (owner, _) in new[] { buyer, worker })
            if (rows.Owners.Find(owner) is null) rows.Owners.Load(Balances(owner));
        var id = Id.New(_nowUs);
        var fee = new BasisPoints(1_000);
        var amount = new Money(10);
        var job = Finished.Restore(new Finished
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
        }, JobState.Completed);
        decision.Add(job);
        decision.Move(Movements.Hold(id, buyer.Owner, amount, _nowUs));
        decision.Move(Movements.Release(id, worker.Owner, amount, fee, _nowUs));
        for (int sequence = 1; sequence <= 7; sequence++)
            decision.Tell(new Fact((FactType)sequence, id, sequence, _nowUs,
                new FactData { JobId = id, State = "completed", AmountMinor = 10 }, []));
        for (int i = 0; i < 4; i++)
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

    private Owner Balances(Guid owner) => _balances.TryGetValue(owner, out var last) ? last.Find(owner)!
        : new Owner { Id = owner, Email = "a@example.com", Available = new Money(1_000_000_000), CreatedUs = 0 };
}
