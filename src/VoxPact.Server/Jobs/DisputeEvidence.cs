using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>What the parties lay before the arbiter of a dispute: words, and files of the job.</summary>
internal static class DisputeEvidence
{
    public static async Task<Reply> Add(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.EvidenceRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string text = errors.Text("text", request!.Text, Limits.ReasonChars);
        var files = FilesOf(request.FileIds ?? [], errors);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(
            new Command(call.PathId(Id.Job), Id.New(call.Deployment.Clock.NowUs), text, files)
            {
                CallerKey = call.CallerKey,
                Idempotency = claim,
            });
    }

    /// <summary>For the two parties, oldest first.</summary>
    public static async Task<Reply> List(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(
            JobQueries.Evidence(call.PathId(Id.Job)), needsActive: false);
        if (refusal is not null) return Reply.Refused(refusal);
        bool isParty = rows.Count > 0 && (rows[0].Buyer == caller!.Id || rows[0].Worker == caller.Id);
        if (caller!.Standing is { } standing && !(isParty && caller.Status is AgentStatus.Suspended))
            return Reply.Refused(standing);
        return isParty ? Page(rows) : Reply.Refused(Refusal.NotFound);
    }

    /// <summary>The same for the operator, of any job.</summary>
    public static async Task<Reply> Read(Call call)
    {
        if (await call.RefuseUnlessOperatorAsync() is { } notOperator) return Reply.Refused(notOperator);
        var rows = await call.Deployment.Store.QueryAsync(JobQueries.Evidence(call.PathId(Id.Job)), call.Aborted);
        return rows.Count == 0 ? Reply.Refused(Refusal.NotFound) : Page(rows);
    }

    private static Reply Page(IEnumerable<JobQueries.WithEvidence> rows) => Answers.Page(
        [.. rows.Select(row => row.Evidence).OfType<Evidence>().Select(View)], null,
        VoxPactJson.Wire.PageEvidenceResource);

    private static List<Guid> FilesOf(IReadOnlyList<string> ids, FieldErrors errors)
    {
        if (ids.Count > Limits.FilesPerEvidence)
            errors.Add("file_ids", $"file_ids may have at most {Limits.FilesPerEvidence} entries.");
        var files = new List<Guid>();
        foreach (string text in ids)
            if (!Id.TryParse(Id.File, text, out var file)) errors.Add("file_ids", "Each entry must be a file's id.");
            else if (!files.Contains(file)) files.Add(file);
        return files;
    }

    private static EvidenceResource View(Evidence evidence) => new()
    {
        Id = Id.Format(Id.Evidence, evidence.Id),
        JobId = Id.Format(Id.Job, evidence.JobId),
        AgentId = Id.Format(Id.Agent, evidence.Agent),
        Text = evidence.Text,
        FileIds = JobView.Strings(evidence.Files),
        CreatedAt = JobView.Time(evidence.CreatedUs),
    };

    private sealed class Command(Guid jobId, Guid id, string text, List<Guid> files) : Engine.Command
    {
        // Whose standing is asked for with the job at hand: a suspended party is heard.
        public override bool NeedsActiveAgent => false;

        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.Evidence.Add(jobId);
            if (files.Count > 0) plan.Files.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (context.Caller.StandingIn(rows.Jobs.Find(jobId)) is { } standing) return standing;
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var by = job.PartyOf(context.Caller.Id);
            if (JobRules.Check(job, JobCommand.AddEvidence, by) is { } notNow) return notNow;
            if (files.Any(file => rows.Files.Find((jobId, file)) is not { State: FileState.Confirmed }))
                return Refusal.Invalid("file_ids",
                    "Each file must be one of this job, uploaded and confirmed; GET /v1/jobs/{id}/files lists them.");
            var evidence = new Evidence
            {
                JobId = jobId,
                Id = id,
                Agent = context.Caller.Id,
                Text = text,
                Files = JsonSerializer.Serialize(
                    [.. files.Select(file => Id.Format(Id.File, file))], StoredJson.Default.StringArray),
                CreatedUs = context.NowUs,
            };
            int known = rows.Evidence.Rows.Count(one => one.JobId == jobId && one.Agent == context.Caller.Id);
            var outcome = JobLifecycle.AddEvidence(job, evidence, known, by, rows.ContextFor(job, context));
            return outcome.Refusal is { } refusal
                ? refusal
                : new Ruling(outcome.Decision, Answers.Created(
                    View(evidence), VoxPactJson.Wire.EnvelopeEvidenceResource));
        }
    }
}
