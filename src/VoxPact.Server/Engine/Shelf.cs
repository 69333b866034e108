using VoxPact.Domain;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Engine;

/// <summary>What a lane's transaction is asked to write, table by table.</summary>
internal interface IRowWriter
{
    void Insert<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull;
    void Update<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull;
    void Delete<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull;
}

internal abstract class Shelf
{
    public abstract bool HasChanges { get; }
    public abstract void WriteTo(IRowWriter writer);
}

/// <summary>The rows of one table that a batch works with: as loaded, as they are to be, and what changed.</summary>
internal sealed class Shelf<T>(Table<T> table) : Shelf where T : notnull
{
    private readonly Dictionary<object, (T Row, RowChange? Change)> _rows = [];

    /// <summary>Rows that are to be written, in no order that matters.</summary>
    public IEnumerable<T> Changed(RowChange change)
    {
        foreach (var (row, what) in _rows.Values)
            if (what == change) yield return row;
    }

    /// <summary>All rows that exist as far as the batch knows, in the order they came.</summary>
    public IEnumerable<T> Rows
    {
        get
        {
            foreach (var (row, what) in _rows.Values)
                if (what is not RowChange.Delete) yield return row;
        }
    }

    public override bool HasChanges
    {
        get
        {
            foreach (var (_, change) in _rows.Values)
                if (change is not null) return true;
            return false;
        }
    }

    public void Load(T row) => _rows.TryAdd(table.Key(row), (row, null));

    public T? Find(object key) =>
        _rows.TryGetValue(key, out var found) && found.Change is not RowChange.Delete ? found.Row : default;

    public void Apply(T row, RowChange change)
    {
        object key = table.Key(row);
        _rows.TryGetValue(key, out var before);
        // An update or removal of what this very batch inserts is still an insert, or nothing at all.
        if (before.Change is RowChange.Insert)
        {
            if (change is RowChange.Delete) _rows.Remove(key);
            else _rows[key] = (row, RowChange.Insert);
            return;
        }
        if (before.Change is RowChange.Delete && change is RowChange.Insert) change = RowChange.Update;
        _rows[key] = (row, change);
    }

    public override void WriteTo(IRowWriter writer)
    {
        List<T>? inserts = null, updates = null, deletes = null;
        foreach (var (row, change) in _rows.Values)
        {
            switch (change)
            {
                case RowChange.Insert: (inserts ??= []).Add(row); break;
                case RowChange.Update: (updates ??= []).Add(row); break;
                case RowChange.Delete: (deletes ??= []).Add(row); break;
                case null: break;
            }
        }
        if (deletes is not null) writer.Delete(table, deletes);
        if (inserts is not null) writer.Insert(table, inserts);
        if (updates is not null) writer.Update(table, updates);
    }
}
