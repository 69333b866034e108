using VoxPact.Domain;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Engine;

/// <summary>What a lane's transaction is asked to write, table by table.</summary>
internal interface IRowWriter
{
    void Insert<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull;

    /// <param name="table">Their table.</param>
    /// <param name="rows">As they are to be.</param>
    /// <param name="keepsIndexes">True when no indexed column of any of them has changed.</param>
    void Update<T>(Table<T> table, IReadOnlyList<T> rows, bool keepsIndexes) where T : notnull;
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
    /// <param name="Row">As it is to be.</param>
    /// <param name="Change">Null when it is as it was loaded.</param>
    /// <param name="Loaded">As the database has it; nothing for rows that were not loaded.</param>
    private readonly record struct Held(T Row, RowChange? Change, T? Loaded);

    private readonly Dictionary<object, Held> _rows = [];

    /// <summary>Rows that are to be written, in no order that matters.</summary>
    public IEnumerable<T> Changed(RowChange change)
    {
        foreach (var (row, what, _) in _rows.Values)
            if (what == change) yield return row;
    }

    /// <summary>All rows that exist as far as the batch knows, in the order they came.</summary>
    public IEnumerable<T> Rows
    {
        get
        {
            foreach (var (row, what, _) in _rows.Values)
                if (what is not RowChange.Delete) yield return row;
        }
    }

    public override bool HasChanges
    {
        get
        {
            foreach (var (_, change, _) in _rows.Values)
                if (change is not null) return true;
            return false;
        }
    }

    public void Load(T row) => _rows.TryAdd(table.Key(row), new Held(row, null, row));

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
            else _rows[key] = before with { Row = row };
            return;
        }
        if (before.Change is RowChange.Delete && change is RowChange.Insert) change = RowChange.Update;
        _rows[key] = new Held(row, change, before.Loaded);
    }

    public override void WriteTo(IRowWriter writer)
    {
        List<T>? inserts = null, updates = null, narrow = null, deletes = null;
        foreach (var (row, change, loaded) in _rows.Values)
        {
            switch (change)
            {
                case RowChange.Insert: (inserts ??= []).Add(row); break;
                case RowChange.Update when loaded is not null && table.KeepsIndexes(loaded, row):
                    (narrow ??= []).Add(row);
                    break;
                case RowChange.Update: (updates ??= []).Add(row); break;
                case RowChange.Delete: (deletes ??= []).Add(row); break;
                case null: break;
            }
        }
        if (deletes is not null) writer.Delete(table, deletes);
        if (inserts is not null) writer.Insert(table, inserts);
        if (narrow is not null) writer.Update(table, narrow, keepsIndexes: true);
        if (updates is not null) writer.Update(table, updates, keepsIndexes: false);
    }
}
