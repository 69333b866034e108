using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;

namespace VoxPact.Domain;

/// <summary>
/// What a command changes, as a value: rows as they are to be, money movements, facts and later work. Nothing in
/// it has happened yet; the engine makes all of it durable in one commit, or none. Owner balances and escrows are
/// not set here: the engine derives them from <see cref="Entries"/>.
/// </summary>
public sealed class Decision
{
    public List<Row> Rows { get; } = [];
    public List<Entry> Entries { get; } = [];
    public List<Fact> Facts { get; } = [];
    public List<WorkItem> Work { get; } = [];

    public Decision Add(object row) { Rows.Add(new Row(row, RowChange.Insert)); return this; }
    public Decision Put(object row) { Rows.Add(new Row(row, RowChange.Update)); return this; }
    public Decision Remove(object row) { Rows.Add(new Row(row, RowChange.Delete)); return this; }
    public Decision Move(Entry[] movement) { Entries.AddRange(movement); return this; }
    public Decision Tell(Fact fact) { Facts.Add(fact); return this; }
    public Decision Later(WorkItem work) { Work.Add(work); return this; }

    /// <summary>Makes another decision part of this one, after what it holds already.</summary>
    public Decision Include(Decision other)
    {
        Rows.AddRange(other.Rows);
        Entries.AddRange(other.Entries);
        Facts.AddRange(other.Facts);
        Work.AddRange(other.Work);
        return this;
    }

    /// <summary>The last version of the one job that this decision changes.</summary>
    public Job Job => (Job)Rows.FindLast(row => row.Value is Job)!.Value;
}

public enum RowChange { Insert, Update, Delete }

/// <summary>A record of one of the stored kinds, and what is to happen to it.</summary>
public sealed record Row(object Value, RowChange Change);

/// <summary>A decision or a refusal; exactly one of them is set.</summary>
public readonly struct Outcome
{
    public Decision? Decision { get; private init; }
    public Refusal? Refusal { get; private init; }

    public static implicit operator Outcome(Decision decision) => new() { Decision = decision };
    public static implicit operator Outcome(Refusal refusal) => new() { Refusal = refusal };
}
