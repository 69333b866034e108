using VoxPact.Domain;
using VoxPact.Domain.Agents;

namespace VoxPact.Server.Engine;

/// <summary>A repeatable request: where its answer is stored, and the hash of what was asked.</summary>
internal sealed record IdempotencyClaim(byte[] Scope, byte[] RequestHash, byte[]? SealKey);

/// <summary>What a command may look at when it decides.</summary>
/// <param name="Key">The named key that the caller uses; null when it is the agent's own.</param>
internal sealed record DecisionContext(long NowUs, Policy Policy, Agent? CallerOrNull, AgentKey? Key = null)
{
    /// <summary>The authenticated agent; commands that run for nobody must not ask.</summary>
    public Agent Caller => CallerOrNull ?? throw new InvalidOperationException("This command has no caller.");
}

/// <summary>
/// What a command came to: a decision with the answer that goes with it, or a refusal. The answer's bytes exist
/// before the commit, so that they are stored with it.
/// </summary>
internal sealed record Ruling(Decision? Decision, Reply Reply)
{
    public static implicit operator Ruling(Refusal refusal) => new(null, Reply.Refused(refusal));
    public static implicit operator Ruling(Reply reply) => new(null, reply);

    /// <summary>Stored answers of other requests that this decision settles.</summary>
    public IReadOnlyList<StoredAnswer> Settles { get; init; } = [];

    /// <summary>True when the request's outcome is not known yet: its stored answer stays in flight.</summary>
    public bool IsPending { get; init; }

    /// <summary>Rows of the engine's own that the decision cannot name, such as finished work.</summary>
    public List<Row> Log { get; init; } = [];
}

/// <summary>The answer to a command: a refusal, or a status word and the bytes of the body.</summary>
internal sealed record Reply
{
    public static readonly Reply None = new();
    public Refusal? Refusal { get; private init; }

    /// <summary>When a repeat of what was refused makes sense, if that is known.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The HTTP status of a success, as <c>Http/Envelope</c> chose it.</summary>
    public int Status { get; private init; }
    public byte[] Body { get; private init; } = [];

    /// <summary>True when these are the stored bytes of an earlier request with the same Idempotency-Key.</summary>
    public bool IsReplay { get; init; }

    /// <summary>What platform commands hand back to the code that ran them.</summary>
    public object? Value { get; init; }

    /// <summary>A bug in the command itself: it fails, its neighbours do not.</summary>
    public Exception? Failure { get; private init; }

    public static Reply Failed(Exception bug) => new() { Failure = bug };
    public static Reply Refused(Refusal refusal) => new() { Refusal = refusal };
    public static Reply Of(int status, byte[] body) => new() { Status = status, Body = body };
    public static Reply Holding(object? value) => new() { Value = value };
}

/// <summary>
/// One thing to decide. It says which rows it needs; with them it decides purely, possibly more than once (a batch
/// that failed is decided again), so it keeps no state of its own.
/// </summary>
internal abstract class Command
{
    /// <summary>
    /// The hash of the caller's API key; null for the platform's own commands and anonymous requests.
    /// </summary>
    public byte[]? CallerKey { get; init; }
    public IdempotencyClaim? Idempotency { get; init; }

    /// <summary>
    /// Of which scopes a named key must have one, as the route says; what no route says so of is for the own key only.
    /// </summary>
    public KeyScopes Scope { get; set; } = KeyScopes.Own;

    /// <summary>False for the few things that an agent may do before it is activated.</summary>
    public virtual bool NeedsActiveAgent => CallerKey is not null;

    /// <summary>True when the decision changes the caller's own row.</summary>
    public virtual bool ChangesCaller => false;

    /// <summary>True when a killed key may replay this command's stored answer: the rotation that killed it.</summary>
    public virtual bool KilledKeyMayReplay => false;

    public virtual void Need(LoadPlan plan)
    {
    }

    public abstract Ruling Decide(Snapshot rows, DecisionContext context);
}
