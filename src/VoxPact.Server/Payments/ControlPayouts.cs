using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Payments;

/// <summary>The operator looks at the payout stop, sets it and lifts it.</summary>
internal static class ControlPayouts
{
    /// <summary><c>GET /v1/operator/payouts</c>.</summary>
    public static async Task<Reply> Look(Call call) =>
        await call.RefuseUnlessOperatorAsync() is { } refusal
            ? Reply.Refused(refusal)
            : Answers.Ok(await StateAsync(call.Deployment, call.Aborted), VoxPactJson.Wire.EnvelopePayoutsState);

    /// <summary><c>POST /v1/operator/payouts/pause</c>.</summary>
    public static async Task<Reply> Pause(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.PausePayoutsRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string reason = errors.Text("reason", request!.Reason, Limits.ReasonChars);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        return await SetAsync(call, reason);
    }

    /// <summary><c>POST /v1/operator/payouts/resume</c>.</summary>
    public static async Task<Reply> Resume(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        return refusal is not null ? Reply.Refused(refusal) : await SetAsync(call, null);
    }

    private static async Task<Reply> SetAsync(Call call, string? reason)
    {
        if (await call.RefuseUnlessOperatorAsync() is { } notOperator) return Reply.Refused(notOperator);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var deployment = call.Deployment;
        var state = await StateAsync(deployment, call.Aborted) with { Paused = reason is not null, Reason = reason };
        return await call.RunAsync(new Command(reason, Id.New(deployment.Clock.NowUs),
            Answers.Ok(state, VoxPactJson.Wire.EnvelopePayoutsState))
        {
            OperatorKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private static async Task<PayoutsState> StateAsync(Deployment deployment, CancellationToken stop)
    {
        var reason = await deployment.Store.QueryAsync(PlatformQueries.Setting(PayoutStop.Setting), stop);
        var alarms = await deployment.Store.QueryAsync(PlatformQueries.Alarms(PayoutStop.AlarmPrefix), stop);
        var unknown = await deployment.Store.QueryAsync(
            OperationQueries.PendingSince(deployment.Clock.NowUs - 2 * JobTimes.HourUs), stop);
        return new PayoutsState
        {
            Paused = reason is [{ Length: > 0 }],
            Reason = reason is [{ Length: > 0 } why] ? why : null,
            Alarms = alarms,
            Unknown = [.. unknown.Select(operation => MoneyView.Of(operation, deployment.Policy))],
        };
    }

    private sealed class Command(string? reason, Guid factId, Reply answer) : OperatorCommand(
        new OperatorAct(reason is null ? "resume_payouts" : "pause_payouts", FactData.None, reason))
    {
        protected override void NeedToAct(LoadPlan plan) => plan.SettingsToChange.Add(PayoutStop.Setting);

        protected override Ruling Act(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var ruling = new Ruling(decision, answer);
            PayoutStop.Set(rows, ruling.Log, decision, factId, reason, "operator", context.NowUs);
            return ruling;
        }
    }
}
