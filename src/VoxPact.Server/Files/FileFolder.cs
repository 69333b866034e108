using System.Security.Cryptography;
using VoxPact.Domain;

namespace VoxPact.Server.Files;

/// <summary>
/// The bytes of files, in a folder of the data folder: nodes that share files share it. Bytes appear under their file's
/// id and their own hash, and only when they are whole and on the disk, so a late upload replaces nothing.
/// </summary>
internal sealed class FileFolder(string path)
{
    private const int CopyBytes = 81_920;

    /// <summary>
    /// Streams a body in, counting and hashing it: its SHA-256 in hex, or null when it has not exactly so many bytes.
    /// </summary>
    public async Task<string?> WriteAsync(Guid id, Stream body, long bytes, CancellationToken stop)
    {
        string part = PathOf(id, RandomNumberGenerator.GetHexString(16, lowercase: true) + ".part");
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                byte[] buffer = new byte[CopyBytes];
                long total = 0;
                int read;
                while ((read = await body.ReadAsync(buffer, stop)) > 0)
                {
                    total += read;
                    if (total > bytes) return null;
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), stop);
                }
                if (total != bytes) return null;
                file.Flush(flushToDisk: true);
            }
            string sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            File.Move(part, PathOf(id, sha256), overwrite: true);
            return sha256;
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>The bytes to read, or null when they are not here.</summary>
    public Stream? Open(Guid id, string sha256)
    {
        string file = PathOf(id, sha256);
        return File.Exists(file) ? File.OpenRead(file) : null;
    }

    public void Delete(Guid id, string sha256) => File.Delete(PathOf(id, sha256));

    // The last digits of an id are random, so no folder fills up.
    private string PathOf(Guid id, string ending)
    {
        string name = Id.Format(Id.File, id);
        return Path.Combine(path, name[^2..], $"{name}.{ending}");
    }
}
