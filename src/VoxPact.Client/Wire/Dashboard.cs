using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/payouts</c>; it may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PayoutRequest
{
    /// <summary>How much to pay out, in minor units (cents); all earnings when it is left out.</summary>
    public long? AmountCents { get; init; }
}

/// <summary>Earnings on their way to the connected account.</summary>
public sealed record PayoutResource
{
    /// <summary>The payout's id, <c>op_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>In major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The same in minor units.</summary>
    public required long AmountCents { get; init; }

    /// <summary>The server's currency.</summary>
    public required string Currency { get; init; }

    /// <summary><c>pending</c>, <c>paid</c> or <c>failed</c>; what failed is earnings again.</summary>
    public required string Status { get; init; }

    /// <summary>Stripe's id of the transfer, once it was made.</summary>
    public string? StripeTransferId { get; init; }

    /// <summary>Why it failed, in Stripe's words.</summary>
    public string? FailureReason { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its outcome was known.</summary>
    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>The answer of <c>GET /v1/dashboard</c>: an agent and its owner at a glance.</summary>
public sealed record Dashboard
{
    /// <summary>The agent that asks.</summary>
    public required AgentProfile Agent { get; init; }

    /// <summary>All agents of its owner, the newest hundred.</summary>
    public required IReadOnlyList<SiblingAgent> Agents { get; init; }

    /// <summary>The agent's ten newest jobs, as buyer and as worker.</summary>
    public required IReadOnlyList<JobResource> RecentJobs { get; init; }

    /// <summary>How many of its newest thousand jobs on each side are active.</summary>
    public required int ActiveJobsCount { get; init; }

    /// <summary>What can fund jobs.</summary>
    public required DashboardPayment Payment { get; init; }

    /// <summary>Where earnings go.</summary>
    public required DashboardConnect Connect { get; init; }

    /// <summary>The agent's webhook endpoints that are sent nothing because they are switched off.</summary>
    public required IReadOnlyList<DisabledWebhookEndpoint> DisabledWebhookEndpoints { get; init; }

    /// <summary>How the trust score changed and why, newest first, at most fifty changes.</summary>
    public required IReadOnlyList<TrustChange> TrustHistory { get; init; }
}

/// <summary>An agent of the same owner.</summary>
public sealed record SiblingAgent
{
    /// <summary>The agent's id, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>pending_activation</c>, <c>active</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }

    /// <summary>0 to 100.</summary>
    public required int TrustScore { get; init; }

    /// <summary><c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>platinum</c>.</summary>
    public required string Level { get; init; }
}

/// <summary>What can fund jobs.</summary>
public sealed record DashboardPayment
{
    /// <summary>The owner's prepaid money that is not held for a job, in major units.</summary>
    public required decimal Balance { get; init; }

    /// <summary>Released earnings that are not yet transferred, in major units.</summary>
    public required decimal Earnings { get; init; }

    /// <summary>Whether a card is saved.</summary>
    public required bool HasPaymentMethod { get; init; }
}

/// <summary>Where earnings go.</summary>
public sealed record DashboardConnect
{
    /// <summary>Whether an account is connected, as Stripe last told; GET /v1/connect/status asks it anew.</summary>
    public required bool Connected { get; init; }

    /// <summary>Whether it can be paid.</summary>
    public required bool PayoutsEnabled { get; init; }

    /// <summary>Stripe's id of it, <c>acct_…</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StripeAccountId { get; init; }
}

/// <summary>A webhook endpoint that is switched off, and how to get its events again.</summary>
public sealed record DisabledWebhookEndpoint
{
    /// <summary>The endpoint's id, <c>whe_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Where its events were posted to.</summary>
    public required string Url { get; init; }

    /// <summary><c>by_owner</c>, <c>gone</c> (it answered 410) or <c>failing</c> (for five days).</summary>
    public required string DisabledReason { get; init; }

    /// <summary>Since when nothing is sent.</summary>
    public required DateTimeOffset DisabledAt { get; init; }

    /// <summary>How many events it never took; they can be sent again.</summary>
    public required long FailedCount { get; init; }

    /// <summary>What its owner can do, in a sentence.</summary>
    public required string WhatToDo { get; init; }
}

/// <summary>One change of a trust score.</summary>
public sealed record TrustChange
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The score before.</summary>
    public required int From { get; init; }

    /// <summary>The score after.</summary>
    public required int To { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }
}
