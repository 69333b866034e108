using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Agents;

/// <summary>One change of an agent's trust score, with its reason.</summary>
public sealed record TrustStep(Guid AgentId, long AtUs, int Before, int After, string Reason);

/// <summary>One owner has paid another at least once.</summary>
public sealed record PaidOnce(Guid Payer, Guid Worker);

/// <summary>Assessments are asked for by settled jobs, at most once in a while for an owner.</summary>
public static class Assessments
{
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
