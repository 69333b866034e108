using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Agents;

/// <summary>One change of an agent's trust score, with its reason.</summary>
public sealed record TrustStep(Guid AgentId, long AtUs, int Before, int After, string Reason);

/// <summary>One owner has paid another at least once.</summary>
public sealed record PaidOnce(Guid Payer, Guid Worker);

/// <summary>
/// Assessments are asked for by settled jobs and by reviews, at most once in a while for an owner; scores that nothing
/// happens to are looked at from time to time, so that they fade.
/// </summary>
public static class Assessments
{
    /// <summary><see cref="WorkItem.Argument"/> of the one that sleeps until scores have faded.</summary>
    public const long Fading = 1;

    /// <summary>An assessment is done: what it was asked for by is over, and while there is trust, it fades.</summary>
    /// <param name="owner">As it is known.</param>
    /// <param name="argument">Of the work that is done.</param>
    /// <param name="isTrusted">Whether any of the owner's agents has a score above 0.</param>
    public static void Finish(Decision decision, Owner owner, long argument, bool isTrusted, long nowUs)
    {
        var left = argument == Fading
            ? owner with { FadingScheduled = false }
            : owner with { AssessmentScheduled = false };
        if (isTrusted && !left.FadingScheduled)
        {
            decision.Later(new WorkItem(WorkKind.AssessTrust, owner.Id, nowUs + JobTimes.FadingUs, Fading));
            left = left with { FadingScheduled = true };
        }
        decision.Put(left);
    }

    /// <summary>
    /// Asks for one, unless one is asked for already. The owner's row is being written anyway; many jobs that settle
    /// within the hour share one assessment.
    /// </summary>
    public static void Schedule(Decision decision, Owner? owner, long nowUs)
    {
        if (owner is null) return;
        var latest = (Owner?)decision.Rows.FindLast(row => row.Value is Owner known && known.Id == owner.Id)?.Value
            ?? owner;
        if (latest.AssessmentScheduled) return;
        decision.Later(new WorkItem(WorkKind.AssessTrust, owner.Id, nowUs + JobTimes.AssessmentUs));
        decision.Put(latest with { AssessmentScheduled = true });
    }
}
