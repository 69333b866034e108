using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Takes, or keeps, endpoints for this node; those that another node serves are left out of the answer.
/// </summary>
internal sealed class ClaimEndpoints(IReadOnlyList<Guid> ids, long node, long realNowUs, bool isOnlyNode) : Command
{
    public const long LeaseUs = 60_000_000;

    public override void Need(LoadPlan plan) => plan.Endpoints.UnionWith(ids);

    public override Ruling Decide(Snapshot rows, DecisionContext context)
    {
        var decision = new Decision();
        var taken = new List<WebhookEndpoint>();
        foreach (var id in ids)
        {
            if (rows.Endpoints.Find(id) is not { IsOn: true } endpoint) continue;
            if (endpoint.IsResting(context.NowUs)) continue;
            bool isOthers = endpoint.LeaseNode != node && endpoint.LeaseUntilUs >= realNowUs && !isOnlyNode;
            if (isOthers) continue;
            endpoint = endpoint with { LeaseNode = node, LeaseUntilUs = realNowUs + LeaseUs };
            decision.Put(endpoint);
            taken.Add(endpoint);
        }
        return new Ruling(decision, Reply.Holding(taken));
    }
}

/// <summary>Lets endpoints go, so that another node need not wait for the lease.</summary>
internal sealed class ReleaseEndpoints(IReadOnlyList<Guid> ids, long node) : Command
{
    public override void Need(LoadPlan plan) => plan.Endpoints.UnionWith(ids);

    public override Ruling Decide(Snapshot rows, DecisionContext context)
    {
        var decision = new Decision();
        foreach (var id in ids)
            if (rows.Endpoints.Find(id) is { } endpoint && endpoint.LeaseNode == node)
                decision.Put(endpoint with { LeaseUntilUs = 0 });
        return new Ruling(decision, Reply.None);
    }
}

/// <summary>How it went at one endpoint since the last report.</summary>
internal sealed record EndpointReport(WebhookEndpoint Endpoint, InboxPlace SentUpTo, List<Report> Reports);

/// <summary>
/// An endpoint as it is after a report was kept, with the due times of what failed (null: given up); the endpoint is
/// null when it is gone, or when another node has taken it and the report counted for nothing.
/// </summary>
internal sealed record EndpointAfter(
    Guid Id, WebhookEndpoint? Endpoint, List<(Guid Subject, int Sequence, long? DueUs)> Heads);

/// <summary>
/// Keeps the results of many attempts at many endpoints in one commit: the log of attempts, how far each endpoint was
/// sent its events, and what is tried again. Nothing of an endpoint whose lease was lost is kept: its events are sent
/// again by whoever has it now.
/// </summary>
internal sealed class KeepReports(IReadOnlyList<EndpointReport> all, long node, long realNowUs) : Command
{
    public override void Need(LoadPlan plan)
    {
        foreach (var (endpoint, _, reports) in all)
        {
            plan.Endpoints.Add(endpoint.Id);
            foreach (var report in reports)
            {
                if (report.Outcome is DeliveryOutcome.Gone || endpoint.IsFailing)
                    plan.AgentsToChange.Add(endpoint.AgentId);
                if (report.Outcome is DeliveryOutcome.Delivered && report.Item.Place is not null) continue;
                plan.Deliveries.Add((endpoint.Id, report.Item.Subject, report.Item.Sequence));
                plan.DeadDeliveries.Add((endpoint.Id, report.Item.Subject, report.Item.Sequence));
            }
        }
    }

    public override Ruling Decide(Snapshot rows, DecisionContext context)
    {
        var ruling = new Ruling(new Decision(), Reply.None);
        var after = new List<EndpointAfter>(all.Count);
        var told = new Dictionary<Guid, Agent>();
        foreach (var report in all)
        {
            var heads = new List<(Guid, int, long?)>();
            var endpoint = rows.Endpoints.Find(report.Endpoint.Id);
            if (endpoint is not null && endpoint.LeaseNode == node)
            {
                bool wasOn = endpoint.IsOn;
                endpoint = Keep(ruling, rows, context, endpoint, report, heads);
                if (wasOn && !endpoint.IsOn) Tell(ruling.Decision!, rows, told, endpoint, context.NowUs);
            }
            else endpoint = null;
            after.Add(new EndpointAfter(report.Endpoint.Id, endpoint, heads));
        }
        return ruling with { Reply = Reply.Holding(after) };
    }

    private WebhookEndpoint Keep(
        Ruling ruling, Snapshot rows, DecisionContext context, WebhookEndpoint endpoint, EndpointReport report,
        List<(Guid, int, long?)> heads)
    {
        foreach (var one in report.Reports)
        {
            var (subject, sequence) = (one.Item.Subject, one.Item.Sequence);
            var waiting = rows.Deliveries.Find((endpoint.Id, subject, sequence));
            int number = (waiting?.Attempts ?? 0) + 1;
            long? againUs = null;
            switch (one.Outcome)
            {
                case null:
                    againUs = context.NowUs;
                    break;
                case DeliveryOutcome.Delivered:
                    endpoint = endpoint.Delivered();
                    break;
                case DeliveryOutcome.Gone:
                    endpoint = endpoint.Off(EndpointOff.Gone, context.NowUs);
                    break;
                case DeliveryOutcome.Failed failed:
                    againUs = AgainUs(failed, number, subject, context.NowUs);
                    endpoint = endpoint.Failed(context.NowUs, AskedUs(failed));
                    break;
            }
            if (one.Outcome is { } outcome) Log(ruling, endpoint, one, outcome, number, againUs, context.NowUs);
            Put(ruling, rows, endpoint, one, waiting, number, againUs, context.NowUs);
            if (one.Outcome is not DeliveryOutcome.Delivered || one.Item.Place is null)
                heads.Add((subject, sequence, againUs));
        }
        endpoint = endpoint with
        {
            SentUpTo = report.SentUpTo,
            LeaseUntilUs = endpoint.IsOn && !endpoint.IsResting(context.NowUs)
                ? realNowUs + ClaimEndpoints.LeaseUs
                : 0,
        };
        ruling.Decision!.Put(endpoint);
        return endpoint;
    }

    private static long? AgainUs(DeliveryOutcome.Failed failed, int number, Guid subject, long nowUs) =>
        RetrySchedule.WaitUs(number, subject) is { } waitUs
            ? nowUs + Math.Max(waitUs, AskedUs(failed))
            : null;

    private static long AskedUs(DeliveryOutcome.Failed failed) => failed.RetryAfter is { } asked ? asked.Ticks / 10 : 0;

    /// <summary>Waiting, delivered or dead: a row, none, or one among the dead.</summary>
    private static void Put(
        Ruling ruling, Snapshot rows, WebhookEndpoint endpoint, Report one, Delivery? waiting, int number,
        long? againUs, long nowUs)
    {
        var (subject, sequence) = (one.Item.Subject, one.Item.Sequence);
        if (againUs is { } due)
        {
            var row = new Delivery
            {
                EndpointId = endpoint.Id,
                Subject = subject,
                Sequence = sequence,
                DueUs = due,
                Attempts = one.Outcome is null ? number - 1 : number,
            };
            ruling.Log.Add(new Row(row, waiting is null ? RowChange.Insert : RowChange.Update));
            return;
        }
        if (waiting is not null) ruling.Log.Add(new Row(waiting, RowChange.Delete));
        var known = rows.DeadDeliveries.Find((endpoint.Id, subject, sequence));
        if (one.Outcome is DeliveryOutcome.Delivered)
        {
            if (known is not null) ruling.Log.Add(new Row(known, RowChange.Delete));
            return;
        }
        ruling.Log.Add(new Row(
            new DeadDelivery(endpoint.Id, subject, sequence, nowUs, number, one.Outcome!.Problem!),
            known is null ? RowChange.Insert : RowChange.Update));
    }

    private static void Log(
        Ruling ruling, WebhookEndpoint endpoint, Report one, DeliveryOutcome outcome, int number, long? againUs,
        long nowUs)
    {
        var kept = outcome is DeliveryOutcome.Delivered
            ? AttemptOutcome.Delivered
            : againUs is null ? AttemptOutcome.Dead : AttemptOutcome.Retrying;
        ruling.Log.Add(new Row(new WebhookAttempt(
            endpoint.Id, Id.New(nowUs), one.Item.Subject, one.Item.Sequence, number, nowUs, one.LatencyUs,
            outcome.Answered, outcome.Problem, kept), RowChange.Insert));
    }

    private static void Tell(
        Decision decision, Snapshot rows, Dictionary<Guid, Agent> told, WebhookEndpoint endpoint, long nowUs)
    {
        var agent = told.GetValueOrDefault(endpoint.AgentId) ?? rows.Agents.Find(endpoint.AgentId);
        if (agent is null) return;
        agent = agent with { Sequence = agent.Sequence + 1 };
        told[agent.Id] = agent;
        decision.Put(agent).Tell(new Fact(FactType.WebhookDisabled, agent.Id, agent.Sequence, nowUs, new FactData
        {
            AgentId = agent.Id,
            EndpointId = endpoint.Id,
            Reason = WebhookEndpoint.Word(endpoint.DisabledReason!.Value),
        }, [agent.Id]));
    }
}
