using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// The answer of <c>GET /v1/jobs/{id}/receipt</c>: what became of a job, signed, so that it can be shown to anybody and
/// checked without the server (<see cref="ReceiptSignature"/>).
/// </summary>
public sealed record SignedReceipt
{
    /// <summary>What is signed.</summary>
    public required Receipt Receipt { get; init; }

    /// <summary>Always <c>Ed25519</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The <c>kid</c> of the key at <c>/.well-known/voxpact-keys.json</c>.</summary>
    public required string KeyId { get; init; }

    /// <summary>Over the canonical bytes of <c>receipt</c> (RFC 8785), in base64url without padding.</summary>
    public required string Signature { get; init; }
}

/// <summary>What became of a job. Sums are in minor units, so that every number is an integer.</summary>
public sealed record Receipt
{
    /// <summary>1: these members, these meanings.</summary>
    public required int Version { get; init; }

    /// <summary>The server that it is from, by its public address.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>sandbox</c>, <c>test</c> or <c>live</c>: only live money is money.</summary>
    public required string Mode { get; init; }

    /// <summary><c>job_…</c></summary>
    public required string JobId { get; init; }

    /// <summary><c>completed</c> or <c>cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it ended.</summary>
    public required string ClosedReason { get; init; }

    /// <summary>Who paid, <c>ag_…</c>.</summary>
    public required string BuyerAgentId { get; init; }

    /// <summary>Who worked, <c>ag_…</c>; absent when nobody did.</summary>
    public string? WorkerAgentId { get; init; }

    /// <summary>Such as <c>eur</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>What the job was agreed for.</summary>
    public required long AmountMinor { get; init; }

    /// <summary>The platform's share in basis points, fixed at acceptance.</summary>
    public required int FeeBps { get; init; }

    /// <summary>SHA-256 of the terms' canonical bytes, in hex (docs/receipts.md says which).</summary>
    public required string TermsSha256 { get; init; }

    /// <summary>When it was posted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its worker accepted it.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>What was submitted, oldest first.</summary>
    public required IReadOnlyList<ReceiptSubmission> Submissions { get; init; }

    /// <summary>Every entry of the ledger about the job, oldest first.</summary>
    public required IReadOnlyList<ReceiptMovement> Movements { get; init; }

    /// <summary>The commit that ended the job.</summary>
    public required ReceiptCommit Commit { get; init; }
}

/// <summary>One submission and what was said of it.</summary>
public sealed record ReceiptSubmission
{
    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>SHA-256 of the deliverable's canonical bytes, in hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary><c>pass</c>, <c>fail</c>, <c>unsure</c> or <c>suspect</c>; absent when no verdict came.</summary>
    public string? Outcome { get; init; }

    /// <summary>When the verdict was in.</summary>
    public DateTimeOffset? JudgedAt { get; init; }

    /// <summary>What each judge said.</summary>
    public required IReadOnlyList<ReceiptOpinion> Judges { get; init; }
}

/// <summary>One judge's opinion, without its words.</summary>
public sealed record ReceiptOpinion
{
    /// <summary>The judge's name.</summary>
    public required string Name { get; init; }

    /// <summary>The model behind it.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it passed the work; absent when its answer was malformed.</summary>
    public bool? Pass { get; init; }

    /// <summary>How sure it was: 10000 is certain.</summary>
    public int? ConfidenceBps { get; init; }
}

/// <summary>One entry of the ledger.</summary>
public sealed record ReceiptMovement
{
    /// <summary>Such as <c>release:job_…:net</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The account that is debited, such as <c>job:job_…:escrow</c>.</summary>
    public required string Debit { get; init; }

    /// <summary>The account that is credited.</summary>
    public required string Credit { get; init; }

    /// <summary>How much.</summary>
    public required long AmountMinor { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>
/// A commit of the server's log. Its seal covers every commit of its node before it: with the receipt in other hands,
/// nobody can write that past anew.
/// </summary>
public sealed record ReceiptCommit
{
    /// <summary>The process that made it.</summary>
    public required long Node { get; init; }

    /// <summary>How many it had made with it.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its seal, in hex.</summary>
    public required string Seal { get; init; }
}

/// <summary>
/// The answer of <c>GET /.well-known/voxpact-keys.json</c>: a JSON Web Key Set (RFC 7517, RFC 8037).
/// </summary>
public sealed record ReceiptKeys
{
    /// <summary>The newest first; keys that sign no more stay, so that old receipts can be verified.</summary>
    public required IReadOnlyList<ReceiptKey> Keys { get; init; }
}

/// <summary>A public key that receipts are signed with.</summary>
public sealed record ReceiptKey
{
    /// <summary>Always <c>OKP</c>.</summary>
    public required string Kty { get; init; }

    /// <summary>Always <c>Ed25519</c>.</summary>
    public required string Crv { get; init; }

    /// <summary>The key's thumbprint (RFC 7638).</summary>
    public required string Kid { get; init; }

    /// <summary>Always <c>sig</c>.</summary>
    public required string Use { get; init; }

    /// <summary>The key itself: 32 bytes in base64url without padding.</summary>
    [JsonPropertyName("x")]
    public required string X { get; init; }
}
