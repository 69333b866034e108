using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>A job as the API shows it.</summary>
internal static class JobView
{
    /// <summary>
    /// The job with its texts when <paramref name="terms"/> are given; the answers to the steps after the work is done
    /// leave them out, so that stored answers stay small.
    /// </summary>
    public static JobResource Of(Job job, Policy policy, JobTerms? terms = null, string? note = null) => new()
    {
        Id = Id.Format(Id.Job, job.Id),
        Title = job.Title,
        Description = terms?.Description,
        Status = JobWords.StatusOf(job.State),
        State = JobWords.Of(job.State),
        Amount = job.Amount.ToDecimal(policy.CurrencyDecimals),
        Currency = policy.Currency,
        Fee = job.AcceptedUs is null ? null : job.Amount.Split(job.Fee).Part.ToDecimal(policy.CurrencyDecimals),
        BuyerAgentId = Id.Format(Id.Agent, job.BuyerAgent),
        WorkerAgentId = job.WorkerAgent is { } worker ? Id.Format(Id.Agent, worker) : null,
        JobType = job.IsOpen ? "open" : "direct",
        FallbackWorkerAgentId = job.FallbackAgent is { } fallback ? Id.Format(Id.Agent, fallback) : null,
        Fallback = job.FallsOpen ? "open" : null,
        OfferHours = job.OfferHours,
        TaskSpec = Json(terms?.TaskSpec),
        Acceptance = Json(terms?.Acceptance),
        RequiredCapabilities = terms is null ? null : Strings(terms.RequiredCapabilities),
        Release = JobWords.Of(job.Release),
        ReviewHours = job.ReviewHours,
        MaxRevisions = job.MaxRevisions,
        SubmissionsUsed = job.Submissions,
        SubmissionsLeft = job.SubmissionsLeft,
        Deadline = Time(job.DeadlineUs),
        CreatedAt = Time(job.CreatedUs),
        AcceptedAt = Time(job.AcceptedUs),
        SubmittedAt = Time(job.SubmittedUs),
        CompletedAt = Time(job.CompletedUs),
        ClosedReason = job.Closed is { } closed ? JobWords.Of(closed) : null,
        CancelRequestedBy = job.CancelRequestedBy is Party.None ? null : JobWords.Of(job.CancelRequestedBy),
        Reason = note,
        Ruling = job.Ruling is { } ruling ? RulingOf(job, ruling, policy) : null,
        NextAction = job.IsFinal ? null : Next(job),
        Series = job.Part is { } part
            ? new SeriesResource { Id = Id.Format(Id.Job, part.Series), Number = part.Number, Of = part.Of }
            : null,
    };

    /// <summary>The whole of a job in parts, as its parties see it.</summary>
    public static SeriesResource Series(
        SeriesResource place, IReadOnlyList<Storage.Queries.JobQueries.PartAndJob> parts, Policy policy)
    {
        var newest = parts.Last(one => one.State is not null);
        string unposted = JobPart.GoesOnAfter(newest.State!.Value, newest.Closed) ? "waiting" : "dropped";
        return place with
        {
            Title = newest.Part.SeriesTitle,
            Parts =
            [
                .. parts.Select(one => new PartResource
                {
                    Number = one.Part.Number,
                    Title = one.Part.Title,
                    Description = one.Part.Description,
                    Amount = one.Part.Amount.ToDecimal(policy.CurrencyDecimals),
                    Acceptance = Json(one.Part.Acceptance),
                    DeadlineHours = one.Part.DeadlineHours,
                    Status = one.State is { } state ? JobWords.StatusOf(state) : unposted,
                    JobId = one.Part.JobId is { } job ? Id.Format(Id.Job, job) : null,
                }),
            ],
        };
    }

    public static OpenJob Public(Job job, Policy policy, JobTerms terms) => new()
    {
        Id = Id.Format(Id.Job, job.Id),
        Title = job.Title,
        Description = terms.Description,
        Status = JobWords.StatusOf(job.State),
        State = JobWords.Of(job.State),
        Amount = job.Amount.ToDecimal(policy.CurrencyDecimals),
        Currency = policy.Currency,
        BuyerAgentId = Id.Format(Id.Agent, job.BuyerAgent),
        JobType = "open",
        RequiredCapabilities = Strings(terms.RequiredCapabilities),
        MaxRevisions = job.MaxRevisions,
        Deadline = Time(job.DeadlineUs),
        CreatedAt = Time(job.CreatedUs),
    };

    public static Reply Answer(Job job, Policy policy, JobTerms? terms = null) =>
        Answers.Ok(Of(job, policy, terms), VoxPactJson.Wire.EnvelopeJobResource);

    public static DateTimeOffset Time(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * 10);

    public static DateTimeOffset? Time(long? us) => us is { } at ? Time(at) : null;

    public static IReadOnlyList<string> Strings(string json) =>
        JsonSerializer.Deserialize(json, StoredJson.Default.StringArray) ?? [];

    public static JsonElement? Json(string? stored) =>
        stored is null ? null : JsonElement.Parse(stored);

    public static RulingResource RulingOf(Job job, DisputeRuling ruling, Policy policy) => new()
    {
        Outcome = JobWords.Of(ruling),
        Amount = ruling is DisputeRuling.Split ? job.RulingToWorker.ToDecimal(policy.CurrencyDecimals) : null,
        AppealedBy = job.AppealedBy is Party.None ? null : JobWords.Of(job.AppealedBy),
        AppealUntil = job.IsFinal || job.AppealedBy is not Party.None ? null : Time(job.DueUs),
    };

    private static NextAction Next(Job job)
    {
        var (who, what, otherwise) = JobWords.NextAction(job);
        return new NextAction { Who = who, What = what, By = Time(job.DueUs), Default = otherwise };
    }
}
