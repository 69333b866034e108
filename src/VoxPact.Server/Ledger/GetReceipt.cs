using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>A signed account of a job that is over, for its parties to keep and to show.</summary>
internal static class GetReceipt
{
    public static async Task<Reply> Handle(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(JobQueries.One(call.PathId(Id.Job)));
        if (refusal is not null) return Reply.Refused(refusal);
        if (rows is not [var found]) return Reply.Refused(Refusal.NotFound);
        // An open job is no secret, so neither is it that it has no receipt yet.
        if (found.Job.PartyOf(caller!.Id) is Party.None && found.Job.State is not JobState.Open)
            return Reply.Refused(Refusal.NotFound);
        if (!found.Job.IsFinal)
            return Reply.Refused(new Refusal(RefusalCode.WrongState,
                "A job has a receipt once it is over; ask again when it is completed or cancelled."));
        var deployment = call.Deployment;
        var store = deployment.Store;
        var job = found.Job;
        var work = await store.QueryAsync(JobQueries.Submissions(job.Id), call.Aborted);
        var entries = await store.QueryAsync(ReceiptQueries.Entries(job.Id), call.Aborted);
        var commit = (await store.QueryAsync(ReceiptQueries.Commit(job.Id, job.CompletedUs!.Value), call.Aborted))[0];
        var receipt = Of(job, deployment, found.Terms) with
        {
            Submissions = [.. work.Select(row => row.Submission).OfType<Submission>().Select(Of)],
            Movements = [.. entries.Select(MovementView.Of)],
            Commit = Of(commit),
        };
        return Answers.Ok(deployment.Receipts.Sign(receipt), VoxPactJson.Wire.EnvelopeSignedReceipt);
    }

    /// <summary><c>GET /.well-known/voxpact-keys.json</c>, as such files are everywhere: without an envelope.</summary>
    public static Task<Reply> Keys(Call call) =>
        Task.FromResult(Answers.Bare(call.Deployment.Receipts.Public, VoxPactJson.Wire.ReceiptKeys));

    private static Receipt Of(Job job, Deployment deployment, JobTerms terms) => new()
    {
        Version = 1,
        Issuer = deployment.PublicUrl,
        Mode = deployment.Mode.ToString().ToLowerInvariant(),
        JobId = Id.Format(Id.Job, job.Id),
        State = JobWords.Of(job.State),
        ClosedReason = JobWords.Of(job.Closed!.Value),
        BuyerAgentId = Id.Format(Id.Agent, job.BuyerAgent),
        WorkerAgentId = job.WorkerAgent is { } worker ? Id.Format(Id.Agent, worker) : null,
        Currency = deployment.Policy.Currency,
        AmountMinor = job.Amount.Minor,
        FeeBps = job.Fee.Value,
        TermsSha256 = Convert.ToHexStringLower(terms.HashWith(job)),
        CreatedAt = JobView.Time(job.CreatedUs),
        AcceptedAt = JobView.Time(job.AcceptedUs),
        CompletedAt = JobView.Time(job.CompletedUs!.Value),
        Submissions = [],
        Movements = [],
        Commit = new ReceiptCommit { Node = 0, Sequence = 0, Seal = "" },
    };

    private static ReceiptSubmission Of(Submission submission)
    {
        var verdict = SubmissionView.Verdict(submission.Verdict);
        return new ReceiptSubmission
        {
            Number = submission.Number,
            Sha256 = Convert.ToHexStringLower(submission.Hash),
            SubmittedAt = JobView.Time(submission.CreatedUs),
            Outcome = verdict?.Outcome,
            JudgedAt = JobView.Time(submission.JudgedUs),
            Judges = [.. (verdict?.Judges ?? []).Select(judge => new ReceiptOpinion
            {
                Name = judge.Name,
                Model = judge.Model,
                Pass = judge.Pass,
                ConfidenceBps = (int?)(judge.Confidence * 10_000),
            })],
        };
    }

    private static ReceiptCommit Of(Batch commit)
    {
        var (node, sequence) = CommitChain.Origin(commit.Id);
        return new ReceiptCommit { Node = node, Sequence = sequence, Seal = Convert.ToHexStringLower(commit.Mac) };
    }
}

/// <summary>An entry of a job as receipts and histories show it.</summary>
internal static class MovementView
{
    public static ReceiptMovement Of(Domain.Ledger.Entry entry) => new()
    {
        Id = entry.EntryId,
        Debit = entry.Debit.ToString(),
        Credit = entry.Credit.ToString(),
        AmountMinor = entry.Amount.Minor,
        At = JobView.Time(entry.AtUs),
    };
}
