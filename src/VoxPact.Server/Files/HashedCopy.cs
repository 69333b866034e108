using System.Security.Cryptography;

namespace VoxPact.Server.Files;

/// <summary>A body on its way into a file, counted and hashed.</summary>
internal static class HashedCopy
{
    private const int CopyBytes = 81_920;

    /// <summary>The SHA-256 in hex, or null as soon as it is not exactly so many bytes.</summary>
    public static async Task<string?> RunAsync(Stream body, Stream file, long bytes, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
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
        return total == bytes ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null;
    }
}
