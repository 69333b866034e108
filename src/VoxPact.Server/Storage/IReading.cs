using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Storage;

/// <summary>
/// Reads of one moment: whatever is committed meanwhile is not seen. Several streams may be open beside each
/// other, each in constant memory, so that tables of any length can be joined in the order of their keys.
/// </summary>
internal interface IReading : IAsyncDisposable
{
    /// <summary>The rows as the database finds them. The statement takes no arguments.</summary>
    IAsyncEnumerable<T> StreamAsync<T>(Statement<T> statement, CancellationToken cancellation);

    /// <summary>A few rows, all of them at once; the statement may take arguments.</summary>
    Task<List<T>> QueryAsync<T>(Statement<T> statement, CancellationToken cancellation);
}
