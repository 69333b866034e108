namespace VoxPact.Domain.Jobs;

/// <summary>How far a file has come. Stable numbers: they are stored.</summary>
public enum FileState { Announced = 0, Uploaded = 1, Confirmed = 2 }

/// <summary>A file between the parties of a job; its bytes stand elsewhere, under its id.</summary>
public sealed record JobFile
{
    /// <summary>The purpose of files that belong to the work; those of any other are between the parties.</summary>
    public const string ForDeliverable = "deliverable";

    public required Guid JobId { get; init; }
    public required Guid Id { get; init; }
    public required Guid Uploader { get; init; }
    public required string Purpose { get; init; }
    public required string Name { get; init; }
    public required string ContentType { get; init; }

    /// <summary>As announced; an upload of another size is refused.</summary>
    public required long Bytes { get; init; }
    public FileState State { get; init; }

    /// <summary>SHA-256 of what was uploaded, in hex.</summary>
    public string? Sha256 { get; init; }
    public required long CreatedUs { get; init; }

    /// <summary>
    /// Of a job's files those that its worker hands in with the work: uploaded for it and confirmed; of several with
    /// one name the newest. By name.
    /// </summary>
    public static IReadOnlyList<JobFile> HandedIn(IEnumerable<JobFile> files, Guid worker) =>
    [
        .. files.Where(file => file.State is FileState.Confirmed && file.Uploader == worker
                && file.Purpose == ForDeliverable)
            .GroupBy(file => file.Name, StringComparer.Ordinal)
            .Select(same => same.MaxBy(file => file.Id)!).OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    /// <summary>As acceptance criteria look at it; only of an uploaded file.</summary>
    public DeliveredFile AsDelivered() => new(Name, ContentType, Bytes, Sha256!);
}
