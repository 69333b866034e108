namespace VoxPact.Domain.Jobs;

/// <summary>How far a file has come. Stable numbers: they are stored.</summary>
public enum FileState { Announced = 0, Uploaded = 1, Confirmed = 2 }

/// <summary>A file between the parties of a job; its bytes stand elsewhere, under its id.</summary>
public sealed record JobFile
{
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
}
