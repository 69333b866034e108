namespace VoxPact.Domain.Agents;

/// <summary>
/// What is left of an agent's events of a stretch of time: those after one place and up to another, both in the order
/// of its inbox, that happened from one time on and before another.
/// </summary>
public readonly record struct Stretch(InboxPlace After, InboxPlace UpTo, long FromUs, long UntilUs);
