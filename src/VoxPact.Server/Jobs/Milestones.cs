using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>The milestones of a post, checked; what one does not say it has from the post.</summary>
internal static class Milestones
{
    /// <returns>The parts in order, without the series' id yet; none for a job in one.</returns>
    public static IReadOnlyList<JobPart> From(PostJobRequest request, Policy policy, FieldErrors errors)
    {
        if (request.Milestones is not { } milestones) return [];
        if (milestones.Count is < Limits.PartsLeast or > Limits.PartsMost)
            errors.Add("milestones", $"milestones must have {Limits.PartsLeast} to {Limits.PartsMost} entries.");
        if (request.WorkerAgentId is null)
            errors.Add("milestones",
                "A job in parts is for a named worker: send worker_agent_id, or open a job for each part.");
        if (request.Fallback is not null)
            errors.Add("fallback", "A job in parts is never opened for bids; name a fallback_worker_agent_id instead.");
        if (request.Deadline is not null)
            errors.Add("deadline", "Each part has its own time: send deadline_hours, for all or in the milestones.");
        var parts = new List<JobPart>();
        foreach (var milestone in milestones.Take(Limits.PartsMost))
        {
            string within = $"milestones[{parts.Count}].";
            if (milestone is null)
            {
                errors.Add("milestones", "Each entry of milestones must be an object.");
                return [];
            }
            parts.Add(Part(request, milestone, parts.Count + 1, within, policy, errors));
        }
        return parts;
    }

    /// <summary>What all is paid: the amount, or the sum of the parts, which an amount beside them must be.</summary>
    public static Money Whole(
        PostJobRequest request, IReadOnlyList<JobPart> parts, Policy policy, FieldErrors errors)
    {
        Money? given = request.Amount is { } amount ? errors.Amount("amount", amount, policy) : null;
        if (parts.Count == 0)
        {
            if (given is null) errors.Add("amount", "amount is required.");
            return given ?? Money.Zero;
        }
        var sum = parts.Aggregate(Money.Zero, (all, part) => all + part.Amount);
        if (sum > policy.MaxAmount)
            errors.Add("milestones", $"All milestones together may pay at most {policy.Show(policy.MaxAmount)}.");
        else if (given is { } whole && whole != sum)
            errors.Add("amount", $"amount must be the sum of the milestones, {policy.Show(sum)}, or be left out.");
        return sum;
    }

    private static JobPart Part(
        PostJobRequest request, Milestone milestone, int number, string within, Policy policy, FieldErrors errors)
    {
        int? hours = milestone.DeadlineHours ?? request.DeadlineHours;
        return new JobPart
        {
            SeriesId = Guid.Empty,
            Number = number,
            SeriesTitle = request.Title.Trim(),
            Title = errors.Text(within + "title", milestone.Title, Limits.TitleChars),
            Description = milestone.Description is { } description
                ? errors.Text(within + "description", description, Limits.DescriptionChars)
                : request.Description.Trim(),
            Amount = errors.Amount(within + "amount", milestone.Amount, policy),
            Acceptance = JobDraft.AcceptanceOf(within, milestone.Acceptance, errors)
                ?? JobDraft.AcceptanceOf("", request.Acceptance, new FieldErrors()),
            DeadlineHours = hours is { } given
                ? errors.Range(within + "deadline_hours", given, 1, Limits.DeadlineHoursMax)
                : null,
        };
    }
}
