using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/jobs/{id}/counter-offer</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CounterOfferRequest
{
    /// <summary>What the worker would do the job for, in major units; more or less than the job's amount.</summary>
    public required decimal Amount { get; init; }

    /// <summary>A word to the buyer.</summary>
    public string? Message { get; init; }

    /// <summary>Another deadline; absent keeps the job's.</summary>
    public DateTimeOffset? Deadline { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/{id}/counter-offer/accept</c>; may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AcceptCounterOfferRequest
{
    /// <summary>
    /// What the buyer saw it ask for, in major units;
    /// if it asks for something else now, that is 409.
    /// </summary>
    public decimal? Amount { get; init; }
}

/// <summary>A worker's counter-offer that waits for the buyer.</summary>
public sealed record CounterOfferResource
{
    /// <summary>The worker, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>What they would do the job for, in major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The deadline they ask for; absent where they keep the job's.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>A word to the buyer.</summary>
    public string? Message { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
