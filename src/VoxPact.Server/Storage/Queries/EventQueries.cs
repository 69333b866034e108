using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Events as agents are told them, with the texts that their facts were told without.</summary>
internal static class EventQueries
{
    private static readonly int After = 1 + LogTables.Facts.Columns.Count;

    private const string Order = " order by i.position, i.subject, i.sequence limit ";

    private static readonly string Columns =
        $"{LogTables.Facts.Select("f")}, j.title, t.description, t.task_spec, t.acceptance, n.note";

    // The long texts go with the first event of a job only.
    private const string Texts = " left join jobs j on j.id = f.subject "
        + "left join job_terms t on t.job_id = f.subject and f.type = 1 "
        + "left join job_notes n on n.job_id = f.subject and n.sequence = f.sequence ";

    private const string Target = ", w.url, w.secret, w.old_secret, w.old_secret_until_us, w.types";

    private static readonly string ToldSql = $"select i.position, {Columns} from inbox i "
        + "join facts f on f.subject = i.subject and f.sequence = i.sequence" + Texts
        + "where i.agent_id = $1 and (i.position, i.subject, i.sequence) > ($2, $3, $4) "
        + "and i.position < (select position from settled)";

    private static readonly string ToSendSql = $"select i.position, {Columns}{Target} from inbox i "
        + "join webhook_endpoints w on w.id = $5 and w.disabled_us is null "
        + "join facts f on f.subject = i.subject and f.sequence = i.sequence" + Texts
        + "where i.agent_id = $1 and (i.position, i.subject, i.sequence) > ($2, $3, $4) "
        + "and i.position < (select position from settled)" + Order + "$6";

    private static readonly string AgainSql = $"select 0, {Columns}{Target} from facts f "
        + "join webhook_endpoints w on w.id = $1 and w.disabled_us is null" + Texts
        + "where f.subject = $2 and f.sequence = $3";

    private static readonly string OneSql =
        $"select 0, {Columns} from facts f{Texts}where f.subject = $1 and f.sequence = $2";

    /// <summary>An event, where it stands in its reader's inbox, and its texts.</summary>
    public sealed record Told(
        long Position, LoggedFact Fact, string? Title, string? Description, string? TaskSpec, string? Acceptance,
        string? Note)
    {
        public InboxPlace Place => new(Position, Fact.Subject, Fact.Sequence);
    }

    /// <summary>An event and the endpoint as it is now.</summary>
    public sealed record ToSend(
        Told Event, string Url, byte[] Secret, byte[]? OldSecret, long OldSecretUntilUs, string? Types);

    /// <summary>A row of what is new: where it stands, for whom, and from where on more may still come.</summary>
    public sealed record News(long Position, Guid AgentId, long Settled);

    public static Statement<News> NewsAfter(long position, int limit) => new(
        "select i.position, i.agent_id, s.position from inbox i cross join settled s where i.position > $1 "
        + "order by i.position limit $2", [position, limit], row => new News(row.Long(0), row.Guid(1), row.Long(2)));

    /// <summary>The last position before which nothing can appear any more.</summary>
    public static readonly Statement<long> Newest = new(
        "select coalesce(max(i.position), 0) from inbox i where i.position < (select position from settled)", [],
        row => row.Long(0));

    /// <summary>What an agent was told after a place, of these types and about this job, oldest first.</summary>
    public static Statement<Told> Following(
        Guid agent, InboxPlace place, IReadOnlyList<int> types, Guid? job, int limit)
    {
        string where = types.Count == 0 ? "" : $" and f.type in ({string.Join(", ", types)})";
        object?[] arguments = [agent, place.Position, place.Subject, place.Sequence, limit];
        return job is { } id
            ? new(ToldSql + where + " and i.subject = $6" + Order + "$5", [.. arguments, id], ReadTold)
            : new(ToldSql + where + Order + "$5", arguments, ReadTold);
    }

    /// <summary>What an endpoint was not sent yet, oldest first.</summary>
    public static Statement<ToSend> ForEndpoint(WebhookEndpoint endpoint, InboxPlace place, int limit) => new(
        ToSendSql, [endpoint.AgentId, place.Position, place.Subject, place.Sequence, endpoint.Id, limit], ReadToSend);

    /// <summary>One event that waits for an endpoint.</summary>
    public static Statement<ToSend> Again(Guid endpoint, Guid subject, int sequence) =>
        new(AgainSql, [endpoint, subject, sequence], ReadToSend);

    /// <summary>One event by the fact that it tells, whether anybody else is told of it or not.</summary>
    public static Statement<Told> One(Guid subject, int sequence) => new(OneSql, [subject, sequence], ReadTold);

    /// <summary>An event by where it stands, with what its type is told by.</summary>
    public sealed record Named(InboxPlace Place, int Type, string Data);

    /// <summary>What an agent was told in a stretch of time, of these types and up to a place, oldest first.</summary>
    public static Statement<Named> Between(Guid agent, Stretch stretch, IReadOnlyList<int> types, int limit) => new(
        "select i.position, i.subject, i.sequence, f.type, f.data from inbox i join facts f on f.subject = i.subject "
        + "and f.sequence = i.sequence where i.agent_id = $1 and (i.position, i.subject, i.sequence) > ($2, $3, $4) "
        + "and (i.position, i.subject, i.sequence) <= ($5, $6, $7) and f.at_us >= $8 and f.at_us < $9"
        + (types.Count == 0 ? "" : $" and f.type in ({string.Join(", ", types)})") + Order + "$10",
        [
            agent, stretch.After.Position, stretch.After.Subject, stretch.After.Sequence, stretch.UpTo.Position,
            stretch.UpTo.Subject, stretch.UpTo.Sequence, stretch.FromUs, stretch.UntilUs, limit,
        ],
        row => new Named(new InboxPlace(row.Long(0), row.Guid(1), row.Int(2)), row.Int(3), row.Text(4)));

    private static Told ReadTold(IRow row) => new(
        row.Long(0), LogTables.Facts.Read(row, 1), row.TextOrNull(After), row.TextOrNull(After + 1),
        row.TextOrNull(After + 2), row.TextOrNull(After + 3), row.TextOrNull(After + 4));

    private static ToSend ReadToSend(IRow row) => new(
        ReadTold(row), row.Text(After + 5), row.Bytes(After + 6), row.BytesOrNull(After + 7), row.Long(After + 8),
        row.TextOrNull(After + 9));
}
