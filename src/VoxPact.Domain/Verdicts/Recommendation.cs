namespace VoxPact.Domain.Verdicts;

/// <summary>
/// What a third opinion advises the arbiter of a dispute, as JSON in the shape in which it is shown. It never acts.
/// </summary>
public sealed record Recommendation
{
    public required Guid JobId { get; init; }

    /// <summary>How many facts the job had told when it was made: the newest counts.</summary>
    public required int Sequence { get; init; }
    public required string Text { get; init; }
    public required long CreatedUs { get; init; }
}
