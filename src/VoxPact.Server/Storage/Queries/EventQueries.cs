using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Events, with the texts that their facts were told without.</summary>
internal static class EventQueries
{
    private static readonly int After = LogTables.Facts.Columns.Count;

    private static readonly string ToDeliverSql =
        $"select {LogTables.Facts.Select("f")}, a.webhook_url, a.webhook_secret, j.title, t.description, t.task_spec, "
        + "t.acceptance, n.note from facts f join agents a on a.id = $1 left join jobs j on j.id = f.subject "
        + "left join job_terms t on t.job_id = f.subject "
        + "left join job_notes n on n.job_id = f.subject and n.sequence = f.sequence "
        + "where f.subject = $2 and f.sequence = $3";

    /// <summary>An event and where it goes; URL and secret are null once the agent has no endpoint.</summary>
    public sealed record ToDeliver(
        LoggedFact Fact, string? Url, byte[]? Secret, string? Title, string? Description, string? TaskSpec,
        string? Acceptance, string? Note);

    public static Statement<ToDeliver> For(Delivery delivery) => new(
        ToDeliverSql, [delivery.AgentId, delivery.Subject, delivery.Sequence], row => new ToDeliver(
            LogTables.Facts.Read(row), row.TextOrNull(After), row.BytesOrNull(After + 1), row.TextOrNull(After + 2),
            row.TextOrNull(After + 3), row.TextOrNull(After + 4), row.TextOrNull(After + 5), row.TextOrNull(
                After + 6)));
}
