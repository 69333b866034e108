using VoxPact.Client;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Ledger;
using VoxPact.Server.Payments;
using VoxPact.Server.Platform;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Operator;

/// <summary>The platform at a glance: its money, summed by a check of what was committed since the last one.</summary>
internal static class GetTotals
{
    public static async Task<Reply> Handle(Call call)
    {
        if (await call.RefuseUnlessOperatorAsync() is { } refusal) return Reply.Refused(refusal);
        var deployment = call.Deployment;
        var store = deployment.Store;
        var report = await deployment.Checks.RunAsync(full: false, call.Aborted);
        await ActOnCheck.RunAsync(deployment, report);
        var totals = await Totals.ReadAsync(deployment, call.Aborted);
        var disputes = await store.QueryAsync(OperatorQueries.CountDisputes, call.Aborted);
        var paused = await store.QueryAsync(PlatformQueries.Setting(PayoutStop.Setting), call.Aborted);
        var unknown = await store.QueryAsync(
            OperationQueries.PendingSince(deployment.Clock.NowUs - 2 * JobTimes.HourUs), call.Aborted);
        return Answers.Ok(new OperatorTotals
        {
            Money = report.Totals,
            Currency = deployment.Policy.Currency,
            Passed = report.Passed,
            OpenDisputes = disputes[0],
            FundedOpenJobs = totals.FundedOpenJobs,
            CompletedJobs = totals.CompletedJobs,
            PayoutsPaused = paused is [{ Length: > 0 }],
            UnknownOperations = unknown.Count,
        }, VoxPactJson.Wire.EnvelopeOperatorTotals);
    }
}
