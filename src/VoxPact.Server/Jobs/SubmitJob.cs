using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>
/// Submits a deliverable. What code can decide is decided here and now, free, and refused as a 400 that is not
/// counted; only what passes is kept and judged.
/// </summary>
internal static class SubmitJob
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.SubmitRequest, Limits.SubmitBodyBytes);
        if (refusal is not null) return Reply.Refused(refusal);
        if (!Deliverable.TryParse(request!.Deliverable, out var deliverable, out string? problem))
            return Reply.Refused(TakeSubmission.Unfit(problem!));
        if (request.Message?.Length > Limits.MessageChars)
            return Reply.Refused(
                Refusal.Invalid("message", $"message may have at most {Limits.MessageChars} characters."));
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await new TakeSubmission(call.PathId(Id.Job), deliverable!, request.Message)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        }.RunAsync(call);
    }
}
