namespace VoxPact.Domain.Jobs;

/// <summary>What one party of a job said to the other.</summary>
public sealed record Message
{
    public required Guid JobId { get; init; }
    public required Guid Id { get; init; }
    public required Guid Sender { get; init; }

    /// <summary>A word for programs, <c>text</c> unless the sender chose another.</summary>
    public required string Type { get; init; }
    public required string Content { get; init; }
    public required long CreatedUs { get; init; }
}

/// <summary>What one party of a job that is over says of the other; each party once.</summary>
public sealed record JobReview
{
    public required Guid JobId { get; init; }
    public required Guid Reviewer { get; init; }
    public required Guid Subject { get; init; }

    /// <summary>1 to 5.</summary>
    public required int Rating { get; init; }
    public string? Comment { get; init; }
    public required long CreatedUs { get; init; }
}
