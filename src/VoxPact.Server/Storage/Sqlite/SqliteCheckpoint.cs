using static SQLitePCL.raw;

namespace VoxPact.Server.Storage.Sqlite;

/// <summary>
/// Moves pages from the write-ahead log into the file beside the writer, not in its commits: on a connection of its
/// own it copies all but what is written meanwhile, and then asks the writer for that short rest, after which the log
/// starts anew. Used by the writer's thread only.
/// </summary>
internal sealed class SqliteCheckpoint(string path) : IAsyncDisposable
{
    /// <summary>When to start: 32 MiB, in which the pages that many commits write again are copied once.</summary>
    private const int PagesAtStart = 8_000;

    private SqliteConnection? _beside;
    private Task? _copying;
    private long _pages;

    /// <summary>After a commit.</summary>
    /// <param name="writer">Its connection.</param>
    public void Committed(SqliteConnection writer)
    {
        _pages += writer.TakePagesWritten();
        if (_copying is { IsCompleted: true } copied)
        {
            _copying = null;
            _pages = 0;
            // What went wrong beside the writer goes wrong here too, where it is somebody's to report.
            writer.Checkpoint();
            if (copied.IsFaulted) _beside?.Dispose();
            if (copied.IsFaulted) _beside = null;
        }
        else if (_copying is null && _pages >= PagesAtStart)
        {
            _copying = Task.Run(Copy);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_copying is { } copying) await copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _beside?.Dispose();
    }

    private void Copy() => (_beside ??= new SqliteConnection(path, readOnly: false)).Checkpoint();
}
