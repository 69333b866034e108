using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Ledger;

/// <summary>For the operator: the checks of <c>voxpact check</c>, run on the serving node.</summary>
internal static class CheckLedger
{
    public static async Task<Reply> Handle(Call call)
    {
        if (await call.RefuseUnlessOperatorAsync() is { } refusal) return Reply.Refused(refusal);
        var deployment = call.Deployment;
        var check = new Check(
            deployment.Store, deployment.ChainKey, deployment.Clock, CheckTerms.Of(deployment.Options));
        // SQLite reads on the thread that asks, and this may read for long.
        var report = await Task.Run(() => check.RunAsync(deployment.Stripe, null, call.Aborted), call.Aborted);
        return Answers.Ok(report, VoxPactJson.Wire.EnvelopeCheckReport);
    }
}
