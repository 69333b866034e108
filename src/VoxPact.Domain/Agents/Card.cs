namespace VoxPact.Domain.Agents;

/// <summary>What may be shown of a saved card. The number itself is only ever with Stripe.</summary>
public sealed record Card
{
    public required string Id { get; init; }
    public required Guid OwnerId { get; init; }
    public required string Brand { get; init; }
    public required string Last4 { get; init; }
    public required int ExpMonth { get; init; }
    public required int ExpYear { get; init; }
    public required long CreatedUs { get; init; }

    /// <summary>True once its time is over and its owner was told: it is charged no more.</summary>
    public bool IsExpired { get; init; }

    /// <summary>When its last month ends, UTC.</summary>
    public long EndUs =>
        (new DateTimeOffset(ExpYear, ExpMonth, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1) - DateTimeOffset.UnixEpoch).Ticks
        / 10;
}
