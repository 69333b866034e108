using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Payments;

namespace VoxPact.Server.Jobs;

/// <summary>
/// A posted job waits for a charge, and its request with it for a while. If the outcome is not known in time the
/// client is told of the job (202), and only from then on can a failure leave a cancelled job behind.
/// </summary>
internal static class FundingWait
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>What a waiting request must remember to find out how it ended.</summary>
    public sealed record Waiting(Guid Job, Guid Buyer, Guid TopUp, byte[]? Scope);

    public static async Task<Reply> ForAsync(
        Deployment deployment, Waiting waiting, Task change, CancellationToken aborted)
    {
        var time = deployment.Time;
        long since = time.GetTimestamp();
        while (time.GetElapsedTime(since) < deployment.Options.FundingPatience)
        {
            // The signal is this process's own; another node may have settled it, so look now and then as well.
            await Task.WhenAny(change, Task.Delay(LookAgain, time, aborted));
            // Who has gone is answered no more; what becomes of the job is stored for a repeat of the request.
            aborted.ThrowIfCancellationRequested();
            change = deployment.Signals.Change(waiting.Job);
            var look = await deployment.Engine.RunAsync(new Look(waiting, tell: false));
            if (look.Value is not Waiting still) return look;
            waiting = still;
        }
        return await deployment.Engine.RunAsync(new Look(waiting, tell: true));
    }

    /// <summary>
    /// Looks at the job; with <paramref name="tell"/> a job that still waits becomes known to its client.
    /// </summary>
    private sealed class Look(Waiting waiting, bool tell) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(waiting.Job);
            plan.Terms.Add(waiting.Job);
            plan.FundingRequests.Add(waiting.Job);
            plan.Operations.Add(waiting.TopUp);
            if (waiting.Scope is { } scope) plan.AnswersOf.Add((waiting.Buyer, scope));
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            // What was stored for repeats is what the first one is told too, whatever has happened since.
            if (rows.SettledAnswer(waiting.Buyer, waiting.Scope) is { } known) return known;
            var job = rows.Jobs.Find(waiting.Job);
            if (job is null) return PaymentFailed.Because(rows.Operations.Find(waiting.TopUp));
            var terms = rows.Terms.Find(job.Id)!;
            if (job.State is not JobState.Funding)
            {
                var ended = PostJob.Answer(job, terms, context.Policy);
                return new Ruling(new Decision(), ended)
                {
                    Settles = rows.Settle(waiting.Buyer, waiting.Scope, ended.Status, ended.Body),
                };
            }
            var request = rows.FundingRequests.Find(job.Id)!;
            if (!tell) return Reply.Holding(waiting with { TopUp = request.TopUpId });
            var answer = Answers.Accepted(JobView.Of(job, context.Policy, terms), VoxPactJson.Wire.EnvelopeJobResource);
            return new Ruling(new Decision().Put(request with { Told = true }), answer)
            {
                Settles = rows.Settle(waiting.Buyer, waiting.Scope, answer.Status, answer.Body),
            };
        }
    }
}

internal static class Settlements
{
    /// <summary>The answer that was stored already; null while it is in flight, or when none was asked for.</summary>
    public static Reply? SettledAnswer(this Snapshot rows, Guid agent, byte[]? scope) =>
        scope is not null && rows.Answers.Find((agent, Convert.ToHexString(scope))) is { Body: { } body } stored
            ? Reply.Of(stored.Status, body)
            : null;

    /// <summary>
    /// The stored answer of a request whose outcome is known now, if it asked for one to be kept and has none yet.
    /// </summary>
    public static IReadOnlyList<StoredAnswer> Settle(
        this Snapshot rows, Guid agent, byte[]? scope, int status, byte[] body)
    {
        if (scope is null) return [];
        var stored = rows.Answers.Find((agent, Convert.ToHexString(scope)));
        return stored is not { Status: StoredAnswer.InFlight }
            ? []
            : [stored with { Status = status, Body = body }];
    }
}
