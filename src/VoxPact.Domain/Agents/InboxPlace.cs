namespace VoxPact.Domain.Agents;

/// <summary>
/// Where an event stands among all that one agent is told: first by the position of its commit, then by the job or
/// agent it is about and its number there. Nothing ever appears before a place that was settled once.
/// </summary>
public readonly record struct InboxPlace(long Position, Guid Subject, int Sequence)
{
    public static readonly InboxPlace Start = default;

    /// <summary>Behind everything of one commit.</summary>
    public static InboxPlace EndOf(long position) =>
        new(position, new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"), int.MaxValue);
}
