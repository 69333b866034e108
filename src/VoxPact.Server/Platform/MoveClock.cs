using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Work;

namespace VoxPact.Server.Platform;

/// <summary>
/// Sandbox only: moves business time forward, for every node, and answers when everything that became due has run.
/// </summary>
internal static class MoveClock
{
    public const long MostSeconds = 10L * 365 * 24 * 3600;

    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.ClockRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        if (request!.AdvanceSeconds is < 0 or > MostSeconds)
            return Reply.Refused(Refusal.Invalid("advance_seconds",
                $"advance_seconds must be a whole number from 0 to {MostSeconds}; time only moves forward."));
        if (!call.IsLoopback && await call.RefuseUnlessOperatorAsync() is { } notAllowed)
            return Reply.Refused(notAllowed);
        var deployment = call.Deployment;
        if (deployment.Clock.OffsetUs / 1_000_000 + request.AdvanceSeconds > MostSeconds)
            return Reply.Refused(Refusal.Invalid("advance_seconds",
                $"The sandbox's clock can be moved by {MostSeconds} seconds in all; start on a fresh data folder."));
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var moved = await call.RunAsync(new Repeat { Idempotency = claim });
        if (moved.Refusal is not null) return moved;
        if (!moved.IsReplay)
        {
            // The provider's time first: what becomes due here may ask it about keys and balances of that time. Who
            // hangs up meanwhile must not leave one clock ahead of the other.
            if (deployment.Simulator is { } simulator)
                await simulator.AdvanceAsync(request.AdvanceSeconds, CancellationToken.None);
            moved = await call.RunAsync(new Command(request.AdvanceSeconds * 1_000_000) { Idempotency = claim });
            if (moved.Refusal is not null) return moved;
            if (moved.Value is long offsetUs) deployment.Clock.OffsetUs = offsetUs;
        }
        deployment.Signals.WakeAll();
        if (deployment.Options.RunWork && !await Drain.WaitAsync(deployment, call.Aborted))
            return Reply.Refused(new Refusal(RefusalCode.Overloaded,
                "Time has moved, but not everything that became due has run within 30 seconds; it goes on. To wait "
                + "for it without moving time again, send the same Idempotency-Key, or advance_seconds 0."));
        return moved;
    }

    /// <summary>Was time moved for this Idempotency-Key already? Then its answer comes back.</summary>
    private sealed class Repeat : Engine.Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context) => Reply.None;
    }

    private sealed class Command(long advanceUs) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.SettingsToChange.Add(Engine.Engine.ClockSetting);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var known = rows.Settings.Find(Engine.Engine.ClockSetting);
            long offset = (known is null ? 0 : long.Parse(known.Value)) + advanceUs;
            var moved = new Row(new Setting(Engine.Engine.ClockSetting, offset.ToString()),
                known is null ? RowChange.Insert : RowChange.Update);
            var answer = Answers.Ok(new ClockResource
            {
                Now = JobView.Time(context.NowUs + advanceUs),
                OffsetSeconds = offset / 1_000_000,
            }, VoxPactJson.Wire.EnvelopeClockResource);
            return new Ruling(new Decision(), answer with { Value = offset }) { Log = { moved } };
        }
    }
}
