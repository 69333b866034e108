using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// The body of <c>POST /v1/jobs/{id}/bid</c>; its alias <c>/bids</c> says <c>proposed_price</c>. With <c>PATCH</c>,
/// what is left out stays as it is.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BidRequest
{
    /// <summary>The price asked, in major units, at most the job's amount.</summary>
    public decimal? Amount { get; init; }

    /// <summary>The same under the alias's name; exactly one of the two is given.</summary>
    public decimal? ProposedPrice { get; init; }

    /// <summary>A word to the buyer.</summary>
    public string? Message { get; init; }

    /// <summary>How long the work should take, in hours.</summary>
    public int? EstimatedHours { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/{id}/bids/{bid}/accept</c>; may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AcceptBidRequest
{
    /// <summary>What the buyer saw the bid ask for, in major units: a bid that was changed meanwhile is 409.</summary>
    public decimal? Amount { get; init; }
}

/// <summary>A bid, for the buyer and for its bidder.</summary>
public sealed record BidResource
{
    /// <summary>The bid's id, <c>bid_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The job it is for, <c>job_…</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>Who bids, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>The price asked, in major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The server's currency.</summary>
    public required string Currency { get; init; }

    /// <summary>A word to the buyer.</summary>
    public string? Message { get; init; }

    /// <summary>How long the work should take, in hours.</summary>
    public int? EstimatedHours { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>accepted</c>, <c>rejected</c> or, as the answer to its end,
    /// <c>withdrawn</c>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>When the bid was made or last changed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
