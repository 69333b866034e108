using VoxPact.Domain;

namespace VoxPact.Server.Files;

/// <summary>
/// Where the bytes of files are. They appear under their file's id and their own hash, and only when they are whole, so
/// a late upload replaces nothing, and what is named by a row of the database is there.
/// </summary>
internal interface IFileStore : IDisposable
{
    /// <summary>
    /// Streams a body in, counting and hashing it: its SHA-256 in hex, or null when it has not exactly so many bytes.
    /// </summary>
    Task<string?> WriteAsync(Guid id, Stream body, long bytes, CancellationToken stop);

    /// <summary>The bytes to read, or null when they are not here.</summary>
    Task<Stream?> OpenAsync(Guid id, string sha256, CancellationToken stop);

    Task DeleteAsync(Guid id, string sha256, CancellationToken stop);
}

/// <summary>The files' store cannot be reached: nobody's request is to blame.</summary>
internal sealed class FilesAway(string why, Exception cause) : Exception(why, cause)
{
    public static readonly Refusal Refusal = new(RefusalCode.Overloaded,
        "The store of files cannot be reached right now; try again after the time in Retry-After.");
}
