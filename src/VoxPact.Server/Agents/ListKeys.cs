using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>The caller's named keys, and what they wait for.</summary>
internal static class ListKeys
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, keys, refusal) = await call.QueryAsync(KeyQueries.OfKey(call.CallerKey));
        if (refusal is not null) return Reply.Refused(refusal);
        var deployment = call.Deployment;
        return Answers.Page(
            [.. keys.Select(key => KeyView.Of(key, deployment.Clock.NowUs, deployment.Policy))], null,
            VoxPactJson.Wire.PageKeyResource);
    }

    public static async Task<Reply> Approvals(Call call)
    {
        var (_, open, refusal) = await call.QueryAsync(
            KeyQueries.ApprovalsOfKey(call.CallerKey, call.Deployment.Clock.NowUs));
        if (refusal is not null) return Reply.Refused(refusal);
        return Answers.Page([.. open.Select(one => KeyView.Of(one, call.Deployment.Policy))], null,
            VoxPactJson.Wire.PageApprovalResource);
    }
}
