using VoxPact.Domain;
using VoxPact.Domain.Work;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Files;
using VoxPact.Server.Jobs;
using VoxPact.Server.Judging;
using VoxPact.Server.Letters;
using VoxPact.Server.Payments;
using VoxPact.Server.Platform;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Work;

/// <summary>
/// Does what is due: claims items under a lease, runs them beside each other, finishes each in the commit that has
/// its effects, or puts it off with a backoff. A node that dies leaves its leases to run out; others take over.
/// </summary>
internal sealed class Worker(Deployment deployment, ILogger<Worker> log) : BackgroundService
{
    private const long LongestBackoffUs = 5 * 60 * 1_000_000L;

    /// <summary>How many items of a queue run beside each other. Timers wait for nobody but the engine.</summary>
    private static int PlacesOf(int queue) => queue == (int)WorkKind.RunJobTimer / 100 ? Limits.BatchCommands : 16;

    /// <summary>How long before looking again for what other nodes wrote; this process's own commits signal.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private static readonly int[] Queues = [.. Enum.GetValues<WorkKind>().Select(kind => (int)kind / 100).Distinct()];

    protected override Task ExecuteAsync(CancellationToken stopping) =>
        Task.WhenAll(Queues.Select(queue => Task.Run(() => LoopAsync(queue, stopping), stopping)));

    private async Task LoopAsync(int queue, CancellationToken stopping)
    {
        var signal = deployment.Signals.Queue(queue);
        int most = PlacesOf(queue);
        var places = new SemaphoreSlim(most);
        deployment.Signals.Handover.Open(queue, places, work => _ = RunAsync(work, places, signal, stopping));
        while (!stopping.IsCancellationRequested)
        {
            bool looksAgain;
            try
            {
                long untilUs = deployment.Clock.RealNowUs + deployment.Signals.Handover.LeaseUs;
                var reply = await deployment.Engine.RunAsync(new Claim(queue, places.CurrentCount, untilUs));
                var claimed = (IReadOnlyList<StoredWork>?)reply.Value ?? [];
                foreach (var work in claimed)
                {
                    // As many were free a moment ago; what was handed over since may keep one for a while.
                    await places.WaitAsync(CancellationToken.None);
                    _ = RunAsync(work, places, signal, stopping);
                }
                looksAgain = claimed.Count > 0;
            }
            catch (Exception failure)
            {
                log.LogWarning(failure, "Queue {Queue} could not be claimed; looking again", queue);
                looksAgain = false;
            }
            if (!looksAgain) await signal.TryWaitAsync(LookAgain, stopping);
        }
        deployment.Signals.Handover.Close(queue);
        // What still runs gives its lease back; only then may the server go on stopping.
        for (int i = 0; i < most; i++) await places.WaitAsync(CancellationToken.None);
    }

    private async Task RunAsync(StoredWork work, SemaphoreSlim places, Signal signal, CancellationToken stopping)
    {
        try
        {
            await RunAsync(work, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            await PutOffAsync(work, failure);
        }
        catch (Exception)
        {
            // Stopping broke it off: whoever runs next, here or on another node, need not wait for the lease.
            await GiveBackAsync(work);
        }
        finally
        {
            places.Release();
            signal.Set();
        }
    }

    private Task RunAsync(StoredWork work, CancellationToken stopping) => work.Item.Kind switch
    {
        WorkKind.RunJobTimer => RunJobTimer.RunAsync(deployment, work),
        WorkKind.WritePages => WritePages.RunAsync(deployment, work, stopping),
        WorkKind.ForgetRegistration => ForgetRegistration.RunAsync(deployment, work, stopping),
        WorkKind.ForgetOld => ForgetOld.RunAsync(deployment, work),
        WorkKind.ForgetEndpoint => ForgetEndpoint.RunAsync(deployment, work, stopping),
        WorkKind.WakeEndpoint => WakeEndpoint.RunAsync(deployment, work, stopping),
        WorkKind.FundJobs => FundJobs.RunAsync(deployment, work, stopping),
        WorkKind.PostPart => PostPart.RunAsync(deployment, work, stopping),
        WorkKind.ForgetUpload => ForgetUpload.RunAsync(deployment, work, stopping),
        WorkKind.AssessTrust => AssessTrust.RunAsync(deployment, work, stopping),
        WorkKind.EraseTexts => DeleteAgent.EraseAsync(deployment, work),
        WorkKind.SendLetter => SendLetter.RunAsync(deployment, work, stopping),
        WorkKind.RecoverKey => RecoverKey.RunAsync(deployment, work, stopping),
        WorkKind.JudgeSubmission => JudgeSubmission.RunAsync(deployment, work, stopping),
        WorkKind.AdviseArbiter => AdviseArbiter.RunAsync(deployment, work, stopping),
        WorkKind.MatureEarnings => MatureEarnings.RunAsync(deployment, work, stopping),
        WorkKind.SendOperation => SendOperation.RunAsync(deployment, work, stopping),
        WorkKind.PayOut => PayOut.RunAsync(deployment, work, stopping),
        WorkKind.Reconcile => Reconcile.RunAsync(deployment, work, stopping),
        WorkKind.LookAtCards => SyncCards.RunAsync(deployment, work, stopping),
        WorkKind.ReadStripeEvent => ReceiveStripeEvent.RunAsync(deployment, work, stopping),
    };

    private async Task PutOffAsync(StoredWork work, Exception failure)
    {
        long wait = Math.Min(LongestBackoffUs, 500_000L << Math.Min(work.Attempts, 10));
        // That a judge is away is told once already, and where in the code it was noticed helps nobody.
        log.LogWarning(failure is JudgeUnreachable ? failure.InnerException : failure,
            "{Kind} of {Subject} failed (try {Attempt}): {Why} Again in {Seconds} s.",
            work.Item.Kind, work.Item.Subject, work.Attempts, failure.Message, wait / 1_000_000);
        try
        {
            await deployment.Engine.RunAsync(new PutOff(work, wait, failure.Message));
        }
        catch (Exception unreachable)
        {
            log.LogWarning(unreachable, "Work {Id} keeps its lease until it runs out", work.Id);
        }
    }

    private async Task GiveBackAsync(StoredWork work)
    {
        try
        {
            await deployment.Engine.RunAsync(new GiveBack(work));
        }
        catch (Exception unreachable)
        {
            log.LogWarning(unreachable, "Work {Id} keeps its lease until it runs out", work.Id);
        }
    }

    private sealed class Claim(int queue, int limit, long leaseUntilUs) : Command
    {
        public override void Need(LoadPlan plan)
        {
            if (limit > 0) plan.Claims.Add((queue, limit));
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var claimed = rows.ClaimedWork.Where(work => work.Item.Queue == queue)
                .Select(work => work with { LeaseUntilUs = leaseUntilUs, Attempts = work.Attempts + 1 })
                .ToList();
            if (claimed.Count == 0) return Reply.None;
            rows.ClaimedWork.RemoveAll(work => work.Item.Queue == queue);
            return new Ruling(new Decision(), Reply.Holding(claimed))
            {
                Log = [.. claimed.Select(work => new Row(work, RowChange.Update))],
            };
        }
    }

    /// <summary>As if it had never been claimed.</summary>
    private sealed class GiveBack(StoredWork work) : Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context) => new(new Decision(), Reply.None)
        {
            Log = { new Row(work with { LeaseUntilUs = 0, Attempts = work.Attempts - 1 }, RowChange.Update) },
        };
    }

    private sealed class PutOff(StoredWork work, long waitUs, string why) : Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context) => new(new Decision(), Reply.None)
        {
            Log =
            {
                new Row(work with
                {
                    Item = work.Item with { DueUs = context.NowUs + waitUs },
                    LeaseUntilUs = 0,
                    LastError = why.Length > 500 ? why[..500] : why,
                }, RowChange.Update),
            },
        };
    }
}
