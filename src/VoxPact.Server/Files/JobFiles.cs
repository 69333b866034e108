using System.Net.Http.Headers;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Files;

/// <summary>
/// Files between the parties of a job: announced, uploaded by a signed URL, confirmed, downloaded by one.
/// </summary>
internal static class JobFiles
{
    public static async Task<Reply> Announce(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.UploadRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string purpose = errors.OptionalText("purpose", request!.Purpose, Limits.MessageTypeChars) ?? "attachment";
        string? name = FileNames.Clean(request.Filename);
        if (name is null || name != request.Filename.Trim())
            errors.Add("filename",
                $"filename must be a plain name of at most {Limits.FileNameChars} characters, without a folder and "
                + "without invisible or direction-changing characters.");
        else if (call.Deployment.RefusedFiles.WhyNotNamed(name) is { } unnamed)
            errors.Add("filename", unnamed);
        string type = errors.Text("content_type", request.ContentType, Limits.FileNameChars);
        MediaTypeHeaderValue? media = null;
        if (type.Length > 0 && !MediaTypeHeaderValue.TryParse(type, out media))
            errors.Add("content_type", "content_type must be a media type, such as application/pdf.");
        else if (media is not null && call.Deployment.RefusedFiles.WhyNotTyped(media) is { } untaken)
            errors.Add("content_type", untaken);
        if (request.FileSizeBytes is < 1 or > Limits.FileBytes)
            errors.Add("file_size_bytes", $"file_size_bytes must be from 1 to {Limits.FileBytes}.");
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        var job = call.PathId(Id.Job);
        var file = new JobFile
        {
            JobId = job,
            Id = Id.New(call.Deployment.Clock.NowUs),
            Uploader = Guid.Empty,
            Purpose = purpose,
            Name = name!,
            ContentType = type,
            Bytes = request.FileSizeBytes,
            CreatedUs = 0,
        };
        var (url, expires) = call.Deployment.Links.Make("PUT", job, file.Id);
        var ticket = new UploadTicket
        {
            FileId = Id.Format(Id.File, file.Id),
            UploadUrl = url,
            ExpiresAt = expires,
        };
        return await call.RunAsync(new AnnounceFile(file, ticket) { CallerKey = call.CallerKey, Idempotency = claim });
    }

    public static async Task<Reply> Confirm(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new ConfirmFile(call.PathId(Id.Job), call.PathId(Id.File, "file"))
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    public static async Task<Reply> List(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(FileQueries.OfJob(call.PathId(Id.Job)));
        if (refusal is not null) return Reply.Refused(refusal);
        if (rows.Count == 0 || !rows[0].IsParty(caller!.Id)) return Reply.Refused(Refusal.NotFound);
        return Answers.Page(
            [.. rows.Select(row => row.File).OfType<JobFile>()
                .Where(file => IsSeenBy(file, caller.Id, rows[0].Buyer)).Select(View)],
            null, VoxPactJson.Wire.PageFileResource);
    }

    public static async Task<Reply> Download(Call call)
    {
        var job = call.PathId(Id.Job);
        var id = call.PathId(Id.File, "file");
        var (caller, rows, refusal) = await call.QueryAsync(FileQueries.OfJob(job));
        if (refusal is not null) return Reply.Refused(refusal);
        var file = rows.Select(row => row.File).FirstOrDefault(file => file?.Id == id);
        if (rows.Count == 0 || !rows[0].IsParty(caller!.Id) || file is null
            || !IsSeenBy(file, caller.Id, rows[0].Buyer))
            return Reply.Refused(Refusal.NotFound);
        if (file.Sha256 is null)
            return Reply.Refused(Refusal.WrongState("The bytes of this file were not uploaded yet."));
        var (url, expires) = call.Deployment.Links.Make("GET", job, id);
        return Answers.Ok(new DownloadTicket { DownloadUrl = url, ExpiresAt = expires, Sha256 = file.Sha256 },
            VoxPactJson.Wire.EnvelopeDownloadTicket);
    }

    public static FileResource View(JobFile file) => new()
    {
        Id = Id.Format(Id.File, file.Id),
        JobId = Id.Format(Id.Job, file.JobId),
        UploaderAgentId = Id.Format(Id.Agent, file.Uploader),
        Purpose = file.Purpose,
        Filename = file.Name,
        ContentType = file.ContentType,
        FileSizeBytes = file.Bytes,
        Status = file.State switch
        {
            FileState.Announced => "pending",
            FileState.Uploaded => "uploaded",
            FileState.Confirmed => "confirmed",
        },
        Sha256 = file.Sha256,
        CreatedAt = JobView.Time(file.CreatedUs),
    };

    /// <summary>
    /// The buyer's files are for every worker who is offered the job,
    /// a worker's for the buyer alone.
    /// </summary>
    private static bool IsSeenBy(JobFile file, Guid agent, Guid buyer) => file.Uploader == agent
        || (file.State is FileState.Confirmed && (agent == buyer || file.Uploader == buyer));

    private sealed class AnnounceFile(JobFile file, UploadTicket ticket) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(file.JobId);
            plan.Files.Add(file.JobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(file.JobId) is not { } job) return Refusal.NotFound;
            if (job.PartyOf(context.Caller.Id) is Party.None)
                return job.State is JobState.Open
                    ? Refusal.Forbidden("Only the parties of a job may add files to it.")
                    : Refusal.NotFound;
            if (rows.Files.Rows.Count(known => known.JobId == file.JobId) >= Limits.FilesPerJob)
                return Refusal.WrongState($"This job has its {Limits.FilesPerJob} files; pack several into one.");
            var announced = file with { Uploader = context.Caller.Id, CreatedUs = context.NowUs };
            var decision = new Decision().Add(announced).Later(new WorkItem(
                WorkKind.ForgetUpload, file.JobId, context.NowUs + JobTimes.UploadUs,
                Payload: Id.Format(Id.File, file.Id)));
            return new Ruling(decision, Answers.Created(ticket, VoxPactJson.Wire.EnvelopeUploadTicket));
        }
    }

    private sealed class ConfirmFile(Guid jobId, Guid fileId) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.Files.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job || rows.Files.Find((jobId, fileId)) is not { } file
                || file.Uploader != context.Caller.Id) return Refusal.NotFound;
            if (file.State is FileState.Announced)
                return Refusal.WrongState("Nothing was uploaded yet; PUT the bytes to the upload_url first.");
            if (file.State is FileState.Confirmed)
                return new Refusal(RefusalCode.AlreadyDone, "This file is confirmed already.");
            var confirmed = file with { State = FileState.Confirmed };
            var told = JobLifecycle.AddFile(
                job, confirmed, job.PartyOf(context.Caller.Id), rows.ContextFor(job, context));
            return new Ruling(told, Answers.Ok(View(confirmed), VoxPactJson.Wire.EnvelopeFileResource));
        }
    }
}
