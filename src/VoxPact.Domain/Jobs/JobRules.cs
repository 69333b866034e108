using static VoxPact.Domain.Jobs.JobState;

namespace VoxPact.Domain.Jobs;

/// <summary>Everything that can be asked of a job after it was posted.</summary>
public enum JobCommand
{
    Accept, Decline, Submit, Approve, RequestRevision, Cancel, Dispute, Concede, Resolve,
    PlaceBid, ChangeBid, WithdrawBid, AcceptBid, Fund, RecordVerdict, RunTimer, TakeBack, Bonus,
    CounterOffer, WithdrawCounterOffer, AcceptCounterOffer, DeclineCounterOffer, Appeal, AddEvidence,
}

/// <summary>
/// Who may ask what of a job in which state; <c>docs/job-lifecycle.md</c> is written from this table.
/// </summary>
public static class JobRules
{
    public sealed record Rule(JobCommand Command, Party By, params JobState[] In);

    public static readonly IReadOnlyList<Rule> All =
    [
        new(JobCommand.Accept, Party.Worker, Offered),
        new(JobCommand.Decline, Party.Worker, Offered),
        new(JobCommand.Submit, Party.Worker, Offered, Active),
        new(JobCommand.Approve, Party.Buyer, Validating, Review, Failed, Disputed),
        new(JobCommand.RequestRevision, Party.Buyer, Review),
        new(JobCommand.Cancel, Party.Buyer, Funding, Open, Offered, Active, Validating, Review, Failed),
        new(JobCommand.Cancel, Party.Worker, Active, Validating, Review, Failed),
        new(JobCommand.Dispute, Party.Buyer, Active, Review),
        new(JobCommand.Dispute, Party.Worker, Active, Review, Failed),
        new(JobCommand.Concede, Party.Worker, Disputed),
        new(JobCommand.Resolve, Party.Arbiter, Disputed),
        new(JobCommand.PlaceBid, Party.None, Open),
        new(JobCommand.ChangeBid, Party.None, Open),
        new(JobCommand.WithdrawBid, Party.None, Open),
        new(JobCommand.AcceptBid, Party.Buyer, Open),
        new(JobCommand.Fund, Party.Platform, Funding),
        new(JobCommand.RecordVerdict, Party.Platform, Validating),
        new(JobCommand.RunTimer, Party.Platform, Funding, Open, Offered, Active, Validating, Review, Failed, Disputed),
        new(JobCommand.TakeBack, Party.Platform, Open, Offered),
        new(JobCommand.Bonus, Party.Buyer, Completed),
        new(JobCommand.CounterOffer, Party.Worker, Offered),
        new(JobCommand.WithdrawCounterOffer, Party.Worker, Offered),
        new(JobCommand.AcceptCounterOffer, Party.Buyer, Offered),
        new(JobCommand.DeclineCounterOffer, Party.Buyer, Offered),
        new(JobCommand.Appeal, Party.Buyer, Disputed),
        new(JobCommand.Appeal, Party.Worker, Disputed),
        new(JobCommand.AddEvidence, Party.Buyer, Disputed),
        new(JobCommand.AddEvidence, Party.Worker, Disputed),
    ];

    private static readonly Dictionary<(JobCommand, Party), JobState[]> s_states = All
        .GroupBy(rule => (rule.Command, rule.By))
        .ToDictionary(rules => rules.Key, rules => rules.SelectMany(rule => rule.In).ToArray());

    /// <summary>
    /// Null when allowed. A stranger learns nothing of a job that is not open: to them it is not there.
    /// </summary>
    public static Refusal? Check(Job job, JobCommand command, Party by)
    {
        if (by is Party.None && job.State is not Open) return Refusal.NotFound;
        if (!s_states.TryGetValue((command, by), out var states)) return Refusal.Forbidden(WhoMay(command, by));
        if (states.Contains(job.State)) return null;
        string last = JobWords.Of(states[^1]);
        string words = states.Length == 1 ? last : $"{string.Join(", ", states[..^1].Select(JobWords.Of))} or {last}";
        return Refusal.WrongState($"This job is in state {JobWords.Of(job.State)}; "
            + $"{JobWords.PhraseOf(command)} is possible only in {words}.");
    }

    private static string WhoMay(JobCommand command, Party by)
    {
        var parties = All.Where(rule => rule.Command == command).Select(rule => rule.By).Distinct()
            .Select(party => party is Party.None ? "an agent that is not the buyer" : $"the {JobWords.Of(party)}");
        string who = by is Party.None ? "not a party of it" : $"its {JobWords.Of(by)}";
        return $"Of this job, {JobWords.PhraseOf(command)} is for {string.Join(" or ", parties)} only; you are {who}.";
    }
}
