using System.Threading.Channels;
using VoxPact.Domain;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Engine;

/// <summary>
/// Makes decisions durable. Commands that arrive together share one batch: one load, every decision in order in
/// memory, one write, one commit; only then are they answered, refusals too, since they may rest on a sibling's
/// uncommitted change. One lane per node.
/// </summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly record struct Pending(Command Command, TaskCompletionSource<Reply> Answer);

    private readonly IStore _store;
    private readonly BusinessClock _clock;
    private readonly Policy _policy;
    private readonly Signals _signals;
    private readonly CommitChain _chain;
    private readonly SecretSeal _seal;
    private readonly ILogger<Engine> _log;
    private readonly bool _clockMoves;
    private readonly Sabotage? _sabotage;
    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(Limits.QueuedCommands) { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private ILane? _lane;
    private Task _loop = Task.CompletedTask;

    public Engine(
        IStore store, BusinessClock clock, Policy policy, Signals signals, CommitChain chain, SecretSeal seal,
        bool clockMoves, Sabotage? sabotage, ILogger<Engine> log)
    {
        (_store, _clock, _policy, _signals) = (store, clock, policy, signals);
        (_chain, _seal, _clockMoves, _sabotage, _log) = (chain, seal, clockMoves, sabotage, log);
    }

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    private static readonly Reply Away = Reply.Refused(new Refusal(RefusalCode.Overloaded,
        "The database cannot be reached right now; nothing was changed, try again after the time in Retry-After."));

    /// <summary>The setting in which moved business time is kept.</summary>
    public const string ClockSetting = "clock_offset_us";

    public async Task StartAsync(CancellationToken cancellation)
    {
        _lane = await _store.OpenLaneAsync(cancellation);
        _loop = Task.Run(LoopAsync, CancellationToken.None);
    }

    /// <summary>Decides a command and answers once it is durable. A full queue refuses at once.</summary>
    public Task<Reply> RunAsync(Command command)
    {
        var answer = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_queue.Writer.TryWrite(new Pending(command, answer)))
            answer.SetResult(Reply.Refused(new Refusal(RefusalCode.Overloaded,
                "The server has more work queued than it can take; try again after the time in Retry-After.")));
        return answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _loop;
        if (_lane is not null) await _lane.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        var batch = new List<Pending>(Limits.BatchCommands);
        while (await _queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < Limits.BatchCommands && _queue.Reader.TryRead(out var pending)) batch.Add(pending);
            await RunBatchAsync(batch, mayRetry: true);
        }
    }

    /// <summary>A failed batch is decided again, then halved until the command that fails it stands alone.</summary>
    private async Task RunBatchAsync(IReadOnlyList<Pending> batch, bool mayRetry)
    {
        try
        {
            var replies = await DecideAndCommitAsync(batch);
            for (int i = 0; i < batch.Count; i++) Answer(batch[i].Answer, replies[i]);
        }
        catch (Exception failure) when (!_stopping.IsCancellationRequested)
        {
            await _lane!.ResetAsync();
            if (_store.IsOutage(failure))
            {
                _log.LogWarning(failure, "The database is away; {Commands} commands are refused for now", batch.Count);
                foreach (var pending in batch) pending.Answer.TrySetResult(Away);
            }
            else if (mayRetry)
            {
                _log.LogWarning(failure, "A batch of {Commands} commands failed and is decided again", batch.Count);
                await RunBatchAsync(batch, mayRetry: false);
            }
            else if (batch.Count == 1)
            {
                _log.LogError(failure, "{Command} failed", batch[0].Command.GetType().Name);
                batch[0].Answer.TrySetException(failure);
            }
            else
            {
                int half = batch.Count / 2;
                await RunBatchAsync([.. batch.Take(half)], mayRetry: false);
                await RunBatchAsync([.. batch.Skip(half)], mayRetry: false);
            }
        }
        catch (Exception stopped)
        {
            foreach (var pending in batch) pending.Answer.TrySetException(stopped);
        }
    }

    private async Task<Reply[]> DecideAndCommitAsync(IReadOnlyList<Pending> batch)
    {
        var rows = new Snapshot();
        await _lane!.LoadAsync(Plan(batch), rows, CancellationToken.None);
        if (_clockMoves && rows.Settings.Find(ClockSetting) is { } offset) _clock.OffsetUs = long.Parse(offset.Value);
        long nowUs = _clock.NowUs;
        var replies = new Reply[batch.Count];
        for (int i = 0; i < batch.Count; i++) replies[i] = Decide(batch[i].Command, rows, nowUs);
        bool changes = rows.HasChanges;
        var leased = changes ? _signals.Handover.Lease(rows, nowUs, _clock.RealNowUs) : [];
        var row = changes ? _chain.Next(rows, nowUs) : null;
        if (changes) _sabotage?.ReachCommit(batch.Select(pending => pending.Command), "before");
        try
        {
            await CommitAsync(rows, row);
        }
        catch
        {
            Handover.Forget(leased);
            throw;
        }
        if (row is not null) _chain.Advance(row);
        if (changes) _sabotage?.ReachCommit(batch.Select(pending => pending.Command), "after");
        if (changes) _signals.Committed(rows, nowUs);
        Handover.Give(leased);
        return replies;
    }

    private async Task CommitAsync(Snapshot rows, Batch? row)
    {
        try
        {
            await _lane!.CommitAsync(rows, row, CancellationToken.None);
        }
        catch (Exception lost) when (row is not null)
        {
            if (!await HasLandedAsync(row)) throw;
            _log.LogWarning(lost, "The connection was lost while committing, but batch {Batch} had landed", row.Id);
        }
    }

    /// <summary>
    /// Asks until the database answers: until it is known whether the commit landed, nothing else may be decided.
    /// Meanwhile the queue fills, and a full queue is a 503.
    /// </summary>
    private async Task<bool> HasLandedAsync(Batch row)
    {
        while (true)
        {
            try
            {
                return await _lane!.HasLandedAsync(row, _stopping.Token);
            }
            catch (Exception away) when (_store.IsOutage(away) && !_stopping.IsCancellationRequested)
            {
                _log.LogWarning(away, "The database is away; whether batch {Batch} landed is asked again", row.Id);
                await Task.Delay(AskAgain, _stopping.Token);
            }
        }
    }

    private LoadPlan Plan(IReadOnlyList<Pending> batch)
    {
        var plan = new LoadPlan { NowUs = _clock.NowUs, RealNowUs = _clock.RealNowUs };
        if (_clockMoves) plan.Settings.Add(ClockSetting);
        foreach (var (command, _) in batch)
        {
            if (command.CallerKey is { } key) CallersOf(plan, key, command.ChangesCaller).Add(key);
            if (command.Idempotency is { } claim) plan.Answers.Add((command.CallerKey, claim.Scope));
            command.Need(plan);
        }
        return plan;
    }

    private static List<byte[]> CallersOf(LoadPlan plan, byte[] key, bool changes) =>
        Domain.Agents.ApiKey.IsNamed(key)
            ? changes ? plan.NamedCallersToChange : plan.NamedCallers
            : changes ? plan.CallersToChange : plan.Callers;

    private static void Answer(TaskCompletionSource<Reply> waiting, Reply reply)
    {
        if (reply.Failure is { } bug) waiting.TrySetException(bug);
        else waiting.TrySetResult(reply);
    }

    /// <summary>Who asks, whether it was asked before, and only then the decision itself.</summary>
    private Reply Decide(Command command, Snapshot rows, long nowUs)
    {
        var caller = command.CallerKey is { } key ? rows.AgentByKey(key) : null;
        bool isKilled = caller is null && command.CallerKey is not null;
        if (isKilled && command.KilledKeyMayReplay) caller = rows.AgentByKilledKey(command.CallerKey!);
        if (caller is null && command.CallerKey is not null) return Reply.Refused(Refusal.UnknownCredential);
        var named = command.CallerKey is { } hash ? rows.NamedKey(hash) : null;
        if (named?.RefuseFor(command.Scope, nowUs) is { } notWithIt) return Reply.Refused(notWithIt);
        if (Replay(command, caller, rows) is { } replay) return replay;
        if (isKilled) return Reply.Refused(Refusal.UnknownCredential);
        if (command.NeedsActiveAgent && caller?.Standing is { } refusal) return Reply.Refused(refusal);
        Ruling ruling;
        try
        {
            ruling = command.Decide(rows, new DecisionContext(nowUs, _policy, caller, named));
        }
        catch (Exception bug)
        {
            // Nothing of it was applied, so its neighbours in the batch go on; only this command fails.
            _log.LogError(bug, "{Command} could not be decided", command.GetType().Name);
            return Reply.Failed(bug);
        }
        if (ruling.Decision is { } decision) Keep(command, caller, ruling, decision, rows, nowUs);
        return ruling.Reply;
    }

    private Reply? Replay(Command command, Domain.Agents.Agent? caller, Snapshot rows)
    {
        if (command.Idempotency is not { } claim) return null;
        var stored = rows.Answers.Find((caller?.Id ?? Guid.Empty, Convert.ToHexString(claim.Scope)));
        if (stored is null) return null;
        if (!stored.RequestHash.AsSpan().SequenceEqual(claim.RequestHash))
            return Reply.Refused(new Refusal(RefusalCode.IdempotencyKeyReused,
                "This Idempotency-Key was used with another request body; use a new key for a new request."));
        if (stored.Status == StoredAnswer.InFlight)
            return Reply.Refused(new Refusal(RefusalCode.IdempotencyInFlight,
                "The first request with this Idempotency-Key is still under way; ask again in a few seconds."));
        byte[]? body = stored.IsSealed ? _seal.TryOpen(stored.Body ?? [], claim.SealKey!) : stored.Body ?? [];
        return body is not null
            ? Reply.Of(stored.Status, body) with { IsReplay = true }
            : Reply.Refused(new Refusal(RefusalCode.IdempotencyKeyReused,
                "This Idempotency-Key was used with another credential, and the answer holds a secret that only that "
                + "one can read; use a new key for a new request."));
    }

    private void Keep(
        Command command, Domain.Agents.Agent? caller, Ruling ruling, Decision decision, Snapshot rows, long nowUs)
    {
        var log = ruling.Log;
        foreach (var answer in ruling.Settles) log.Add(new Row(answer, RowChange.Update));
        // A refusal that leaves something behind, such as a question to the owner, is decided again when repeated.
        if (command.Idempotency is { } claim && ruling.Reply.Refusal is null)
        {
            byte[] body = ruling.Reply.Body;
            log.Add(new Row(new StoredAnswer
            {
                AgentId = caller?.Id ?? Guid.Empty,
                Scope = claim.Scope,
                RequestHash = claim.RequestHash,
                Status = ruling.IsPending ? StoredAnswer.InFlight : ruling.Reply.Status,
                Body = ruling.IsPending ? null : claim.SealKey is { } key ? _seal.Close(body, key) : body,
                IsSealed = claim.SealKey is not null,
                CreatedUs = nowUs,
            }, RowChange.Insert));
        }
        rows.Apply(decision, log, nowUs, _chain.NextId);
    }
}
