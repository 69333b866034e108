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
}
