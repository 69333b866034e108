namespace VoxPact.Server;

/// <summary>
/// One server at a time on a SQLite folder: two would each believe to be its one writer. The operating system lets
/// go of the lock when the process ends, however it ends.
/// </summary>
internal static class FolderLock
{
    private const string FileName = "voxpact.lock";

    /// <summary>Null with a database server, on which any number of nodes may work.</summary>
    public static IDisposable? Take(ServerOptions options)
    {
        if (!string.IsNullOrEmpty(options.Database)) return null;
        string path = Path.Combine(options.Data, FileName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (File.Exists(path))
        {
            throw new BadSettings($"Another server works on the folder {options.Data} ({taken.Message}); "
                + "stop it, or name "
                + "another folder with --data. Several servers can share a PostgreSQL database (--database).");
        }
    }
}
