using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Webhook endpoints: which of them have something to send, and how it went.</summary>
internal static class EndpointQueries
{
    private const string IsFirstOfItsJob =
        "not exists (select 1 from deliveries e where e.endpoint_id = d.endpoint_id and e.subject = d.subject "
        + "and e.sequence < d.sequence)";

    private const string HasMore = "exists (select 1 from inbox i where i.agent_id = w.agent_id "
        + "and (i.position, i.subject, i.sequence) > (w.position, w.subject, w.sequence))";

    /// <summary>The business times at which endpoints have something to do, as a column of numbers.</summary>
    public const string NextDueSql =
        "select min(case when d.due_us > w.rest_until_us then d.due_us else w.rest_until_us end) from deliveries d "
        + "join webhook_endpoints w on w.id = d.endpoint_id and w.disabled_us is null where " + IsFirstOfItsJob
        + " union all select min(w.rest_until_us) from webhook_endpoints w where w.disabled_us is null and " + HasMore;

    private static readonly string DueSql =
        "select distinct d.endpoint_id from deliveries d join webhook_endpoints w on w.id = d.endpoint_id "
        + "where d.due_us <= $1 and w.disabled_us is null and w.rest_until_us <= $1 "
        + $"and (w.lease_node = $2 or w.lease_until_us < $3) and {IsFirstOfItsJob} limit 1000";

    private static readonly string BehindSql =
        "select w.id from webhook_endpoints w where w.disabled_us is null and w.rest_until_us <= $1 "
        + $"and (w.lease_node = $2 or w.lease_until_us < $3) and {HasMore}";

    private static readonly string HeadsSql =
        $"select {LogTables.Deliveries.Select("d")} from deliveries d where d.endpoint_id = $1 and {IsFirstOfItsJob} "
        + "order by d.due_us limit $2";

    private static readonly string OfAgentSql =
        $"select {Tables.Endpoints.Select("w")}, (select count(*) from dead_deliveries d where d.endpoint_id = w.id) "
        + "from webhook_endpoints w where w.agent_id = $1 order by w.created_us, w.id";

    private static readonly string AttemptsSql =
        $"select {LogTables.Attempts.Select("a")}, f.event_id, f.type, f.data from webhook_attempts a "
        + "join webhook_endpoints w on w.id = a.endpoint_id and w.agent_id = $1 "
        + "join facts f on f.subject = a.subject and f.sequence = a.sequence "
        + "where a.endpoint_id = $2 and a.id < $3";

    public sealed record Counted(WebhookEndpoint Endpoint, long Dead);

    public sealed record Logged(WebhookAttempt Attempt, Guid EventId, int Type, string Data);

    /// <summary>Endpoints of agents that were told something between two positions.</summary>
    public static Statement<Guid> WithNews(long after, long upTo) => new(
        "select distinct w.id from inbox i join webhook_endpoints w on w.agent_id = i.agent_id "
        + "where i.position > $1 and i.position <= $2 and w.disabled_us is null", [after, upTo], row => row.Guid(0));

    /// <summary>
    /// Endpoints for which something that failed or waited is due now, unless another node serves them.
    /// </summary>
    public static Statement<Guid> Due(long nowUs, long node, long realNowUs) =>
        new(DueSql, [nowUs, node, realNowUs], row => row.Guid(0));

    /// <summary>Endpoints that have not been sent all there is, unless another node serves them.</summary>
    public static Statement<Guid> Behind(long nowUs, long node, long realNowUs) =>
        new(BehindSql, [nowUs, node, realNowUs], row => row.Guid(0));

    /// <summary>The first waiting event of each job, by due time.</summary>
    public static Statement<Delivery> Heads(Guid endpoint, int limit) =>
        new(HeadsSql, [endpoint, limit], row => LogTables.Deliveries.Read(row));

    /// <summary>An agent's endpoints, the oldest first, each with how many events it never took.</summary>
    public static Statement<Counted> OfAgent(Guid agent) => new(OfAgentSql, [agent],
        row => new Counted(Tables.Endpoints.Read(row), row.Long(Tables.Endpoints.Columns.Count)));

    /// <summary>An agent's endpoints that are switched off, for whatever reason.</summary>
    public static Statement<Counted> OffOfAgent(Guid agent) => new(
        OfAgentSql.Replace("order by", "and w.disabled_us is not null order by", StringComparison.Ordinal), [agent],
        row => new Counted(Tables.Endpoints.Read(row), row.Long(Tables.Endpoints.Columns.Count)));

    /// <summary>The agent's own, when it has it.</summary>
    public static Statement<Counted> One(Guid agent, Guid endpoint) => new(
        OfAgentSql.Replace("order by", "and w.id = $2 order by", StringComparison.Ordinal), [agent, endpoint],
        row => new Counted(Tables.Endpoints.Read(row), row.Long(Tables.Endpoints.Columns.Count)));

    /// <summary>Attempts on the agent's own endpoint below an id, newest first, of any or of these outcomes.</summary>
    public static Statement<Logged> Attempts(
        Guid agent, Guid endpoint, Guid below, IReadOnlyList<AttemptOutcome> outcomes, int limit) => new(
        AttemptsSql + (outcomes.Count == 0
            ? ""
            : $" and a.outcome in ({string.Join(", ", outcomes.Select(outcome => (int)outcome))})")
        + " order by a.id desc limit $4",
        [agent, endpoint, below, limit], row => new Logged(
            LogTables.Attempts.Read(row), row.Guid(After), row.Int(After + 1), row.Text(After + 2)));

    /// <summary>One attempt on the agent's own endpoint.</summary>
    public static Statement<WebhookAttempt> Attempt(Guid agent, Guid endpoint, Guid attempt) => new(
        $"select {LogTables.Attempts.Select("a")} from webhook_attempts a join webhook_endpoints w "
        + "on w.id = a.endpoint_id and w.agent_id = $1 where a.endpoint_id = $2 and a.id = $3",
        [agent, endpoint, attempt], row => LogTables.Attempts.Read(row));

    /// <summary>Some attempts on an endpoint.</summary>
    public static Statement<WebhookAttempt> Attempts(Guid endpoint, int limit) => new(
        $"select {LogTables.Attempts.Select()} from webhook_attempts where endpoint_id = $1 limit $2",
        [endpoint, limit], row => LogTables.Attempts.Read(row));

    /// <summary>Some of the events that wait for an endpoint.</summary>
    public static Statement<Delivery> Waiting(Guid endpoint, int limit) => new(
        $"select {LogTables.Deliveries.Select()} from deliveries where endpoint_id = $1 limit $2",
        [endpoint, limit], row => LogTables.Deliveries.Read(row));

    /// <summary>How many events all endpoints have still to be sent, or never took.</summary>
    public static readonly Statement<long> Backlog = new(
        "select (select count(*) from deliveries) + (select count(*) from dead_deliveries) + (select count(*) "
        + "from webhook_endpoints w join inbox i on i.agent_id = w.agent_id "
        + "and (i.position, i.subject, i.sequence) > (w.position, w.subject, w.sequence))", [], row => row.Long(0));

    /// <summary>Events that an endpoint never took, in the order of their jobs.</summary>
    public static Statement<DeadDelivery> Dead(Guid endpoint, int limit) => new(
        $"select {LogTables.DeadDeliveries.Select()} from dead_deliveries where endpoint_id = $1 "
        + "order by subject, sequence limit $2", [endpoint, limit], row => LogTables.DeadDeliveries.Read(row));

    private static readonly int After = LogTables.Attempts.Columns.Count;
}
