using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/jobs/{id}/evidence</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EvidenceRequest
{
    /// <summary>What the arbiter should know, in words.</summary>
    public required string Text { get; init; }

    /// <summary>Up to 10 confirmed files of the job, <c>file_…</c>.</summary>
    public IReadOnlyList<string>? FileIds { get; init; }
}

/// <summary>What a party laid before the arbiter.</summary>
public sealed record EvidenceResource
{
    /// <summary>Its id, <c>ev_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The disputed job, <c>job_…</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>Whose it is, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>What they say.</summary>
    public required string Text { get; init; }

    /// <summary>Files of the job that belong to it.</summary>
    public required IReadOnlyList<string> FileIds { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/{id}/appeal</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AppealRequest
{
    /// <summary>Why the decision is wrong, for the operator and the other party.</summary>
    public required string Reason { get; init; }
}

/// <summary>What the operator decided in a dispute.</summary>
public sealed record RulingResource
{
    /// <summary><c>release</c>, <c>refund</c> or <c>split</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Of a split: what the worker's side gets, fee included.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Who appealed, <c>buyer</c> or <c>worker</c>; the next decision is final.</summary>
    public string? AppealedBy { get; init; }

    /// <summary>Until when who lost may appeal; then it is done. Absent after an appeal and when it is done.</summary>
    public DateTimeOffset? AppealUntil { get; init; }
}
