using System.Text;
using VoxPact.Domain;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Delivers events: claims what is due under a lease, sends beside each other, and reports results through the
/// engine's shared commits. One job's events reach one agent in order; a dead endpoint holds up only itself.
/// </summary>
internal sealed class DispatchEvents(Deployment deployment, WebhookSender sender,
    ILogger<DispatchEvents> log) : BackgroundService
{
    private const long LeaseUs = 60_000_000;
    private const int AtOnce = 64;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        var signal = deployment.Signals.Deliveries;
        var places = new SemaphoreSlim(AtOnce);
        while (!stopping.IsCancellationRequested)
        {
            bool looksAgain;
            try
            {
                var reply =
                    await deployment.Engine.RunAsync(new Claim(places.CurrentCount, deployment.Clock.RealNowUs));
                var claimed = (IReadOnlyList<Delivery>?)reply.Value ?? [];
                foreach (var delivery in claimed)
                {
                    // No more was claimed than there are places, so this never waits.
                    await places.WaitAsync(CancellationToken.None);
                    _ = DeliverAsync(delivery, places, signal, stopping);
                }
                looksAgain = claimed.Count > 0;
            }
            catch (Exception failure)
            {
                log.LogWarning(failure, "Deliveries could not be claimed; looking again");
                looksAgain = false;
            }
            if (!looksAgain) await signal.TryWaitAsync(LookAgain, stopping);
        }
        // What is still being sent gives its lease back; only then may the server go on stopping.
        for (int i = 0; i < AtOnce; i++) await places.WaitAsync(CancellationToken.None);
    }

    private async Task DeliverAsync(Delivery delivery, SemaphoreSlim places, Signal signal, CancellationToken stopping)
    {
        try
        {
            var message = await EventMessage.ReadAsync(deployment, delivery, stopping);
            var outcome = message is null
                ? new DeliveryOutcome.Delivered(0)
                : await sender.SendAsync(message.Url, [message.Secret], message.Id, message.Body, stopping);
            await deployment.Engine.RunAsync(new Record(delivery, outcome));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await GiveBackAsync(delivery);
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "An event for {Agent} was not delivered; its lease runs out and it is tried again",
                Id.Format(Id.Agent, delivery.AgentId));
        }
        finally
        {
            places.Release();
            signal.Set();
        }
    }

    /// <summary>Stopping broke it off: it is sent again, with the same id, by whoever runs next.</summary>
    private async Task GiveBackAsync(Delivery delivery)
    {
        try
        {
            await deployment.Engine.RunAsync(new GiveBack(delivery));
        }
        catch (Exception unreachable)
        {
            log.LogWarning(unreachable, "An event for {Agent} keeps its lease until it runs out",
                Id.Format(Id.Agent, delivery.AgentId));
        }
    }

    /// <summary>As if it had never been claimed.</summary>
    private sealed class GiveBack(Delivery delivery) : Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context) => new(new Decision(), Reply.None)
        {
            Log = { new Row(delivery with { LeaseUntilUs = 0, Attempts = delivery.Attempts - 1 }, RowChange.Update) },
        };
    }

    private sealed class Claim(int limit, long realNowUs) : Command
    {
        public override void Need(LoadPlan plan) => plan.DeliveryClaim = Math.Max(plan.DeliveryClaim, limit);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var claimed = rows.ClaimedDeliveries
                .Select(delivery => delivery with
                {
                    LeaseUntilUs = realNowUs + LeaseUs,
                    Attempts = delivery.Attempts + 1
                })
                .ToList();
            if (claimed.Count == 0) return Reply.None;
            rows.ClaimedDeliveries.Clear();
            return new Ruling(new Decision(), Reply.Holding(claimed))
            {
                Log = [.. claimed.Select(delivery => new Row(delivery, RowChange.Update))],
            };
        }
    }

    /// <summary>
    /// Delivered and dead events leave the table, the dead ones with their reason; the rest is put off.
    /// </summary>
    private sealed class Record(Delivery delivery, DeliveryOutcome outcome) : Command
    {
        public override void Need(LoadPlan plan)
        {
            if (outcome is DeliveryOutcome.Gone) plan.AgentsToChange.Add(delivery.AgentId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var ruling = new Ruling(decision, Reply.None);
            switch (outcome)
            {
                case DeliveryOutcome.Delivered:
                    ruling.Log.Add(new Row(delivery, RowChange.Delete));
                    break;
                case DeliveryOutcome.Gone:
                    if (rows.Agents.Find(delivery.AgentId) is { } agent) decision.Put(agent with { WebhookUrl = null });
                    Bury(ruling, "410 Gone: the endpoint was switched off", context.NowUs);
                    break;
                case DeliveryOutcome.Busy:
                    // It was never sent, so this was no attempt.
                    ruling.Log.Add(new Row(delivery with
                    {
                        Attempts = delivery.Attempts - 1,
                        LeaseUntilUs = 0,
                        DueUs = context.NowUs + 1_000_000,
                    }, RowChange.Update));
                    break;
                case DeliveryOutcome.Failed(var why, _, var after):
                    PutOff(ruling, why, after, context.NowUs);
                    break;
            }
            return ruling;
        }

        private void PutOff(Ruling ruling, string why, TimeSpan? after, long nowUs)
        {
            if (RetrySchedule.WaitUs(delivery.Attempts, delivery.Subject) is not { } waitUs)
            {
                Bury(ruling, why, nowUs);
                return;
            }
            long asked = after is { } wait ? wait.Ticks / 10 : 0;
            ruling.Log.Add(new Row(delivery with
            {
                DueUs = nowUs + Math.Max(waitUs, asked),
                LeaseUntilUs = 0,
                LastError = why,
            }, RowChange.Update));
        }

        private void Bury(Ruling ruling, string why, long nowUs)
        {
            ruling.Log.Add(new Row(delivery, RowChange.Delete));
            ruling.Log.Add(new Row(new DeadDelivery(
                delivery.AgentId, delivery.Subject, delivery.Sequence, nowUs, delivery.Attempts, why),
                    RowChange.Insert));
        }
    }
}
