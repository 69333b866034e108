using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Ledger;

/// <summary>For the operator: the checks of <c>voxpact check</c>, run on the serving node.</summary>
internal static class CheckLedger
{
    /// <summary>What was committed since the last check, everything, or only what the last one found.</summary>
    public const string New = "new", Full = "full", Last = "last";

    public static async Task<Reply> Handle(Call call)
    {
        var scopes = call.Queries.Words("scope", [New, Full, Last]);
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        if (await call.RefuseUnlessOperatorAsync() is { } refusal) return Reply.Refused(refusal);
        var checks = call.Deployment.Checks;
        var report = scopes.Contains(Last) ? checks.Last : null;
        if (report is null)
        {
            report = await checks.RunAsync(scopes.Contains(Full), call.Aborted);
            await ActOnCheck.RunAsync(call.Deployment, report);
        }
        return Answers.Ok(report, VoxPactJson.Wire.EnvelopeCheckReport);
    }
}
