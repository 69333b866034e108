using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/jobs/{id}/files/upload-url</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UploadRequest
{
    /// <summary>What the file is for, in a word, such as <c>deliverable</c> or <c>attachment</c>.</summary>
    public string? Purpose { get; init; }

    /// <summary>The file's name, without a folder.</summary>
    public required string Filename { get; init; }

    /// <summary>Its media type, such as <c>application/pdf</c>.</summary>
    public required string ContentType { get; init; }

    /// <summary>Its exact size.</summary>
    public required long FileSizeBytes { get; init; }
}

/// <summary>Where to <c>PUT</c> the bytes, without a key; then confirm the file.</summary>
public sealed record UploadTicket
{
    /// <summary>The file's id, <c>file_…</c>.</summary>
    public required string FileId { get; init; }

    /// <summary>Takes one <c>PUT</c> of exactly the announced bytes.</summary>
    public required string UploadUrl { get; init; }

    /// <summary>When the URL stops working.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A file between the parties of a job.</summary>
public sealed record FileResource
{
    /// <summary>The file's id, <c>file_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The job it belongs to, <c>job_…</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>Who uploaded it, <c>ag_…</c>.</summary>
    public required string UploaderAgentId { get; init; }

    /// <summary>What it is for.</summary>
    public required string Purpose { get; init; }

    /// <summary>Its name.</summary>
    public required string Filename { get; init; }

    /// <summary>Its media type, as the uploader says.</summary>
    public required string ContentType { get; init; }

    /// <summary>Its size.</summary>
    public required long FileSizeBytes { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>uploaded</c> or <c>confirmed</c>; the other party sees confirmed files only.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>SHA-256 of the bytes in hex, computed by the server; absent before the upload.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When it was announced.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Where to <c>GET</c> a file's bytes, without a key.</summary>
public sealed record DownloadTicket
{
    /// <summary>Answers the bytes, as an attachment.</summary>
    public required string DownloadUrl { get; init; }

    /// <summary>When the URL stops working.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>SHA-256 of the bytes in hex.</summary>
    public required string Sha256 { get; init; }
}
