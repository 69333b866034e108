namespace VoxPact.Domain.Verdicts;

/// <summary>One answer of a model about a job, as it is paid for; written whatever comes of the answer.</summary>
public sealed record JudgingCall
{
    public required Guid JobId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>The public name of who was asked: a judge, or the arbiter's adviser.</summary>
    public required string Judge { get; init; }

    /// <summary>In and out, as the provider counted them.</summary>
    public required long Tokens { get; init; }

    /// <summary>Estimated from the configured prices, in millionths of the currency's unit.</summary>
    public required long CostMicros { get; init; }
    public required long CreatedUs { get; init; }
}
