using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/balance/top-up</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TopUpRequest
{
    /// <summary>What the default card is charged, in major units.</summary>
    public required decimal Amount { get; init; }
}

/// <summary>The body of <c>POST /v1/balance/withdraw</c>; it may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WithdrawRequest
{
    /// <summary>What goes back to the cards, in major units; all that can when it is left out.</summary>
    public decimal? Amount { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/{id}/bonus</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BonusRequest
{
    /// <summary>What the buyer pays, in major units; the job's fee is taken from it.</summary>
    public required decimal Amount { get; init; }
}

/// <summary>Money that moves, or may: a charge, a refund, a transfer, a bonus.</summary>
public sealed record MoneyOperation
{
    /// <summary>Such as <c>op_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it is: <c>charge</c>, <c>refund</c>, <c>transfer</c>, <c>bonus</c> and so on.</summary>
    public required string Kind { get; init; }

    /// <summary><c>pending</c> until its outcome is known, then <c>done</c> or <c>declined</c>.</summary>
    public required string State { get; init; }

    /// <summary>In major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Why it was declined: Stripe's word, such as <c>insufficient_funds</c>.</summary>
    public string? FailureCode { get; init; }

    /// <summary>The same in a sentence.</summary>
    public string? FailureText { get; init; }

    /// <summary>A page on which a person can satisfy their bank, when that is what it needs.</summary>
    public string? Link { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its outcome was known.</summary>
    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>The answer of <c>POST /v1/balance/withdraw</c>: one refund for each charge that it takes.</summary>
public sealed record WithdrawalResource
{
    /// <summary>What all its refunds have in common, <c>op_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>In major units; the sum of its refunds.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Each goes to the card of its charge.</summary>
    public required IReadOnlyList<MoneyOperation> Refunds { get; init; }
}

/// <summary>The body of the operator's <c>POST /v1/operator/payouts/pause</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PausePayoutsRequest
{
    /// <summary>Why, for whoever looks at it next.</summary>
    public required string Reason { get; init; }
}

/// <summary>The answer of the operator's <c>/v1/operator/payouts</c>.</summary>
public sealed record PayoutsState
{
    /// <summary>Whether earnings wait until the operator resumes payouts.</summary>
    public required bool Paused { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What the provider executed and nobody here asked for, or asked for otherwise: each stopped payouts once.
    /// </summary>
    public required IReadOnlyList<string> Alarms { get; init; }

    /// <summary>
    /// Operations whose outcome is not known for two hours or more. A transfer that never happened and whose key
    /// is too old waits for <c>POST /v1/operator/operations/{id}/resend</c>.
    /// </summary>
    public required IReadOnlyList<MoneyOperation> Unknown { get; init; }
}

/// <summary>The body of the operator's <c>POST /v1/operator/owners/{id}/write-off</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WriteOffRequest
{
    /// <summary>How much of the debt is given up, in major units; all of it when it is left out.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Why, for the books.</summary>
    public required string Reason { get; init; }
}

/// <summary>The body of the operator's <c>POST /v1/operator/adopt</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AdoptRequest
{
    /// <summary>What Stripe executed: a charge <c>pi_…</c>, a transfer <c>tr_…</c> or a refund <c>re_…</c>.</summary>
    public required string Id { get; init; }
}

/// <summary>The body of the operator's <c>POST /v1/operator/capital</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CapitalRequest
{
    /// <summary><c>add</c> or <c>take</c>.</summary>
    public required string Direction { get; init; }

    /// <summary>In major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Why, for the books.</summary>
    public required string Reason { get; init; }
}
