namespace VoxPact.Domain.Verdicts;

/// <summary>What two opinions amount to. Stable numbers: they are stored.</summary>
public enum VerdictOutcome { Pass = 1, Fail = 2, Unsure = 3, Suspect = 4 }
