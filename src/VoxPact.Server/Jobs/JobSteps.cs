using System.Text.Json.Serialization.Metadata;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>The steps that are nothing but a step of the lifecycle, with or without a reason in words.</summary>
internal static class JobSteps
{
    public static Task<Reply> Accept(Call call) => StepAsync(
        call, VoxPactJson.Default.EmptyRequest, _ => null, JobLifecycle.Accept, movesMoney: false,
        showsTerms: true);

    public static Task<Reply> Decline(Call call) => StepAsync(
        call, VoxPactJson.Default.DeclineJobRequest, request => request?.Reason, JobLifecycle.Decline);

    public static Task<Reply> Approve(Call call) => StepAsync(
        call, VoxPactJson.Default.EmptyRequest, _ => null, JobLifecycle.Approve);

    public static Task<Reply> Cancel(Call call) => StepAsync(
        call, VoxPactJson.Default.CancelJobRequest, request => request?.Reason,
        JobLifecycle.Cancel, mayEndBidding: true);

    public static Task<Reply> Concede(Call call) => StepAsync(
        call, VoxPactJson.Default.EmptyRequest, _ => null, JobLifecycle.Concede);

    public static Task<Reply> Dispute(Call call) => StepAsync(
        call, VoxPactJson.Default.DisputeJobRequest, request => request?.Reason, JobLifecycle.Dispute,
        reasonField: "reason", movesMoney: false);

    public static Task<Reply> Appeal(Call call) => StepAsync(
        call, VoxPactJson.Default.AppealRequest, request => request?.Reason, JobLifecycle.Appeal,
        reasonField: "reason", movesMoney: false);

    public static Task<Reply> RequestRevision(Call call) => StepAsync(
        call, VoxPactJson.Default.RequestRevisionRequest, request => request?.Reason ?? request?.Feedback,
        JobLifecycle.RequestRevision, reasonField: "reason", movesMoney: false,
        check: request => request is { Reason: not null, Feedback: not null }
            ? Refusal.Invalid("feedback", "Send reason or feedback, not both.")
            : null);

    /// <param name="reasonField">The field that must hold words, when the other side needs to know why.</param>
    /// <param name="check">Why the body as a whole is refused, if it is.</param>
    private static async Task<Reply> StepAsync<T>(
        Call call, JsonTypeInfo<T> type, Func<T?, string?> reason, Func<Job, Party, JobContext, Outcome> act,
        string? reasonField = null, bool movesMoney = true, bool mayEndBidding = false,
        bool showsTerms = false, Func<T?, Refusal?>? check = null) where T : class
    {
        var (request, refusal) = await call.ReadAsync(type, optional: reasonField is null);
        if (refusal is not null) return Reply.Refused(refusal);
        if (check?.Invoke(request) is { } invalid) return Reply.Refused(invalid);
        string? note = reason(request)?.Trim();
        if (reasonField is not null && string.IsNullOrEmpty(note))
            return Reply.Refused(Refusal.Invalid(reasonField,
                $"{reasonField} is required: say in words what the other side must know."));
        if (note?.Length > Limits.ReasonChars)
            return Reply.Refused(Refusal.Invalid(reasonField ?? "reason",
                $"reason may have at most {Limits.ReasonChars} characters."));
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new JobAct(call.PathId(Id.Job), act)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
            Note = note,
            MovesMoney = movesMoney,
            MayEndBidding = mayEndBidding,
            ShowsTerms = showsTerms,
        });
    }
}
