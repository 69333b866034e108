namespace VoxPact.Client;

/// <summary>What stands in an owner's accounts, in major units.</summary>
public record AccountSums
{
    /// <summary>Prepaid: can fund jobs or go back to the card.</summary>
    public required decimal Available { get; init; }

    /// <summary>Held for the owner's jobs that are not over.</summary>
    public required decimal Escrow { get; init; }

    /// <summary>Released for work and not yet transferred.</summary>
    public required decimal Earnings { get; init; }

    /// <summary>In transfers and withdrawals whose outcome is not known yet.</summary>
    public required decimal InTransit { get; init; }

    /// <summary>Earned from payers who are still new, not yet payable.</summary>
    public required decimal Held { get; init; }

    /// <summary>What the owner owes after a chargeback.</summary>
    public required decimal Receivable { get; init; }
}

/// <summary>The answer of <c>GET /v1/balance</c>.</summary>
public sealed record BalanceResource : AccountSums
{
    /// <summary>The server's one currency, such as <c>eur</c>.</summary>
    public required string Currency { get; init; }
}

/// <summary>One line of an owner's statement of account: an entry of the ledger, seen from their accounts.</summary>
public sealed record Transaction
{
    /// <summary>Counts the owner's lines, 1 for the first.</summary>
    public required long Number { get; init; }

    /// <summary>The entry's id, such as <c>hold:job_…</c> or <c>release:job_…:net</c>.</summary>
    public required string Id { get; init; }

    /// <summary>How money moved, such as <c>hold</c>, <c>release</c> or <c>pay_out</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The job it is about, when it is about one.</summary>
    public string? JobId { get; init; }

    /// <summary>The charge, transfer or other operation it is about, when it is about one.</summary>
    public string? OperationId { get; init; }

    /// <summary>How much moved.</summary>
    public required decimal Amount { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it left in each of the owner's accounts.</summary>
    public required AccountSums Balance { get; init; }
}
