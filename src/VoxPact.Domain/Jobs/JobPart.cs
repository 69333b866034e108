namespace VoxPact.Domain.Jobs;

/// <summary>Where a job stands in a job in parts.</summary>
/// <param name="Series">The id of the first part, which names the whole.</param>
/// <param name="Number">From 1.</param>
/// <param name="Of">How many parts there are.</param>
public sealed record PartPlace(Guid Series, int Number, int Of)
{
    /// <summary>True for every part but the first: its worker took it on with the first.</summary>
    public bool IsLater => Number > 1;
    public bool IsLast => Number == Of;
}

/// <summary>
/// A part of a job in parts as it was agreed: each becomes a job of its own, the first with the post, every other one
/// when the part before it is released.
/// </summary>
public sealed record JobPart
{
    public required Guid SeriesId { get; init; }
    public required int Number { get; init; }

    /// <summary>The title of the whole.</summary>
    public required string SeriesTitle { get; init; }
    public required string Title { get; init; }
    public required string Description { get; init; }
    public required Money Amount { get; init; }
    public string? Acceptance { get; init; }

    /// <summary>Counted from when the part's money is held.</summary>
    public int? DeadlineHours { get; init; }

    /// <summary>The job that it has become; null before. Set once, so that a part is posted once.</summary>
    public Guid? JobId { get; init; }

    /// <summary>The job that follows a part that was released: same parties, same fee, its own terms.</summary>
    /// <param name="before">The part before it.</param>
    /// <param name="agreed">The texts of that part.</param>
    public (Job Job, JobTerms Terms) After(Job before, JobTerms agreed, Guid id, long nowUs) => (new Job
    {
        Id = id,
        BuyerAgent = before.BuyerAgent,
        BuyerOwner = before.BuyerOwner,
        WorkerAgent = before.WorkerAgent,
        WorkerOwner = before.WorkerOwner,
        IsOpen = false,
        Title = Title,
        Amount = Amount,
        Fee = before.Fee,
        Release = before.Release,
        ReviewHours = before.ReviewHours,
        MaxRevisions = before.MaxRevisions,
        DeadlineUs = DeadlineHours is { } hours ? nowUs + hours * JobTimes.HourUs : null,
        CreatedUs = nowUs,
        Part = before.Part! with { Number = Number },
    }, agreed with { JobId = id, Description = Description, Acceptance = Acceptance });

    /// <summary>Whether the parts behind a job that has come this far can still be posted.</summary>
    public static bool GoesOnAfter(JobState state, ClosedReason? closed) => state switch
    {
        JobState.Cancelled => false,
        JobState.Completed => closed is not ClosedReason.DisputeSplit,
        _ => true,
    };
}
