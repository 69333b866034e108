using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;

namespace VoxPact.Server.Engine;

/// <summary>
/// One line of an owner's statement of account: an entry, and what it left in their accounts. Lines are numbered from 1
/// in the order of their commits, so that any page of them is a stretch of one key.
/// </summary>
internal sealed record AccountLine
{
    public required Guid OwnerId { get; init; }
    public required long Number { get; init; }
    public required Guid Subject { get; init; }
    public required Slot Slot { get; init; }
    public required int Leg { get; init; }
    public required MovementKind Movement { get; init; }
    public required Money Available { get; init; }
    public required Money Escrow { get; init; }
    public required Money Earnings { get; init; }
    public required Money InTransit { get; init; }
    public required Money Held { get; init; }
    public required Money Receivable { get; init; }
}

/// <summary>A ledger entry and the commit that wrote it.</summary>
internal sealed record LoggedEntry(Entry Entry, long Batch);

/// <summary>A fact as stored: its data is JSON without personal text.</summary>
internal sealed record LoggedFact(
    Guid Subject, int Sequence, Guid EventId, int Type, long AtUs, string Data, long Batch);

/// <summary>One event that is told to one agent.</summary>
internal sealed record InboxEntry(Guid AgentId, InboxPlace Place);

/// <summary>
/// One event that could not be sent to one endpoint yet, or waits there for an earlier one of its job; the row goes
/// when it is delivered or dead.
/// </summary>
internal sealed record Delivery
{
    public required Guid EndpointId { get; init; }
    public required Guid Subject { get; init; }
    public required int Sequence { get; init; }
    public required long DueUs { get; init; }
    public int Attempts { get; init; }

    public object Key => (EndpointId, Subject, Sequence);
}

/// <summary>An event that no attempt could deliver, and why.</summary>
internal sealed record DeadDelivery(
    Guid EndpointId, Guid Subject, int Sequence, long AtUs, int Attempts, string Reason);

internal enum AttemptOutcome { Delivered = 1, Retrying = 2, Dead = 3 }

/// <summary>One attempt to send one event to one endpoint; nothing of what was answered but the status.</summary>
internal sealed record WebhookAttempt(
    Guid EndpointId, Guid Id, Guid Subject, int Sequence, int Number, long AtUs, long LatencyUs, int? Status,
    string? Error, AttemptOutcome Outcome);

/// <summary>One thing to do later, as stored.</summary>
internal sealed record StoredWork
{
    public required Guid Id { get; init; }
    public required WorkItem Item { get; init; }
    public int Attempts { get; init; }

    /// <summary>Real time, not business time: whoever claimed it has until then.</summary>
    public long LeaseUntilUs { get; init; }
    public string? LastError { get; init; }
}

/// <summary>
/// The answer that a repeated Idempotency-Key gets again; status 0 while its outcome is not known yet.
/// </summary>
internal sealed record StoredAnswer
{
    public const int InFlight = 0;
    public required Guid AgentId { get; init; }
    public required byte[] Scope { get; init; }
    public required byte[] RequestHash { get; init; }
    public required int Status { get; init; }
    public byte[]? Body { get; init; }

    /// <summary>True when the body holds a secret and is encrypted under the caller's own key.</summary>
    public bool IsSealed { get; init; }
    public required long CreatedUs { get; init; }

    public object Key => (AgentId, Convert.ToHexString(Scope));
}

/// <summary>
/// An active agent's name, by the key under which it is unique, and what it looks like, unique as well.
/// </summary>
internal sealed record ReservedName(string NameKey, Guid AgentId, string? Skeleton);

/// <summary>An event of Stripe's that was taken in, once.</summary>
internal sealed record ReceivedStripeEvent(string Id, string Type, string ObjectId, long ReceivedUs);

/// <summary>A fact about the deployment: its mode, its clock, whether payouts are paused.</summary>
internal sealed record Setting(string Key, string Value);

/// <summary>
/// One commit of one node: <paramref name="Id"/> is node × 2^40 + sequence, <paramref name="Mac"/> chains it to the
/// node's previous one and to the entries and facts it wrote.
/// </summary>
/// <param name="Subjects">
/// The ids of the jobs and operations it is about, 16 bytes each; null in commits of older versions.
/// </param>
internal sealed record Batch(long Id, byte[] Mac, long AtUs, byte[]? Subjects = null);
