namespace VoxPact.Server.Ledger;

/// <summary>A stream that is sorted by a key, read one group of equal keys after the other.</summary>
internal sealed class SortedStream<TKey, T>(IAsyncEnumerable<T> rows, Func<T, TKey> key) : IAsyncDisposable
    where TKey : struct, IComparable<TKey>
{
    private readonly IAsyncEnumerator<T> _rows = rows.GetAsyncEnumerator();

    /// <summary>The key of the next row; null at the end. Set by <see cref="StartAsync"/>.</summary>
    public TKey? Next { get; private set; }

    public async Task<SortedStream<TKey, T>> StartAsync()
    {
        await StepAsync();
        return this;
    }

    /// <summary>
    /// The rows with exactly this key, which must not lie behind; none when the next row's is another.
    /// </summary>
    public async Task<List<T>> TakeAsync(TKey wanted)
    {
        var taken = new List<T>();
        while (Next is { } next && next.CompareTo(wanted) == 0)
        {
            taken.Add(_rows.Current);
            await StepAsync();
        }
        return taken;
    }

    /// <summary>The smallest of several streams' next keys; null when all have ended.</summary>
    public static TKey? Smallest(params ReadOnlySpan<TKey?> nexts)
    {
        TKey? smallest = null;
        foreach (var next in nexts)
            if (next is { } one && (smallest is not { } least || one.CompareTo(least) < 0)) smallest = one;
        return smallest;
    }

    public ValueTask DisposeAsync() => _rows.DisposeAsync();

    private async Task StepAsync() => Next = await _rows.MoveNextAsync() ? key(_rows.Current) : null;
}
