namespace VoxPact.CrashTests.Truth;

/// <summary>What was found wrong, by what it means for somebody's money.</summary>
internal sealed class Verdict
{
    private readonly List<string> _findings = [];

    /// <summary>Was done, or answered as done, and is not there.</summary>
    public int Lost { get; private set; }

    /// <summary>Was done more often than asked for.</summary>
    public int Doubled { get; private set; }

    /// <summary>Came to no end.</summary>
    public int Stuck { get; private set; }

    /// <summary>Is due and was not done.</summary>
    public int Overdue { get; private set; }

    /// <summary>Breaks another invariant.</summary>
    public int Broken { get; private set; }

    /// <summary>
    /// Events whose first arrival was not in their order. Counted and told, and not held against a run: at-least-once
    /// holds, and why a kill can turn two around is not known yet.
    /// </summary>
    public int Overtaken { get; private set; }

    public IReadOnlyList<string> Findings => _findings;

    public bool Passed => Lost + Doubled + Stuck + Overdue + Broken + Overtaken == 0;

    public void AddLost(string what) => Lost += Note("lost", what);

    public void AddDoubled(string what) => Doubled += Note("doubled", what);

    public void AddStuck(string what) => Stuck += Note("stuck", what);

    public void AddOverdue(string what) => Overdue += Note("overdue", what);

    public void AddBroken(string what) => Broken += Note("broken", what);

    public void AddOvertaken(string what) => Overtaken += Note("overtaken", what);

    private int Note(string kind, string what)
    {
        _findings.Add($"{kind}: {what}");
        return 1;
    }
}
