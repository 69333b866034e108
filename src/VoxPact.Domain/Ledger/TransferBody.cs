namespace VoxPact.Domain.Ledger;

/// <summary>The frozen body of a transfer: what Stripe is asked for, however often it is asked.</summary>
public sealed record TransferBody(
    long AmountMinor, string Currency, string Destination, string TransferGroup,
    IReadOnlyDictionary<string, string> Metadata);
