using System.Security.Cryptography;
using VoxPact.Domain;

namespace VoxPact.Server.Files;

/// <summary>
/// The bytes of files, in a folder of the data folder: nodes that share files share it. A body becomes a file of its
/// name only when it is whole and on the disk.
/// </summary>
internal sealed class FileFolder(string path) : IFileStore
{
    public async Task<string?> WriteAsync(Guid id, Stream body, long bytes, CancellationToken stop)
    {
        string part = PathOf(id, RandomNumberGenerator.GetHexString(16, lowercase: true) + ".part");
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        try
        {
            string? sha256;
            await using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                sha256 = await HashedCopy.RunAsync(body, file, bytes, stop);
                if (sha256 is null) return null;
                file.Flush(flushToDisk: true);
            }
            File.Move(part, PathOf(id, sha256), overwrite: true);
            return sha256;
        }
        finally
        {
            File.Delete(part);
        }
    }

    public Task<Stream?> OpenAsync(Guid id, string sha256, CancellationToken stop)
    {
        string file = PathOf(id, sha256);
        return Task.FromResult<Stream?>(File.Exists(file) ? File.OpenRead(file) : null);
    }

    public Task DeleteAsync(Guid id, string sha256, CancellationToken stop)
    {
        File.Delete(PathOf(id, sha256));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }

    // The last digits of an id are random, so no folder fills up.
    private string PathOf(Guid id, string ending)
    {
        string name = Id.Format(Id.File, id);
        return Path.Combine(path, name[^2..], $"{name}.{ending}");
    }
}
