using System.Buffers;
using System.Text.Json;

namespace VoxPact.Server.Storage.Queries;

/// <summary>
/// Everything that is stored about an agent and its owner, table by table, made from the tables' mappings.
/// </summary>
internal static class ExportQueries
{
    private const string OwnJobs = "(select id from jobs where buyer_agent = $1 "
        + "union select id from jobs where worker_agent = $1)";

    /// <param name="Kind">The table's name.</param>
    /// <param name="IsOfOwner">Whether <c>$1</c> is the owner and not the agent.</param>
    /// <param name="Sql">Takes the id, how many rows, and how many to pass over.</param>
    private sealed record Section(string Kind, bool IsOfOwner, string Sql, Func<IRow, JsonElement> Read);

    private static readonly Section[] Sections =
    [
        Of(Tables.Agents, "id = $1"),
        Of(Tables.Owners, "id = $1", isOfOwner: true),
        Of(Tables.Cards, "owner_id = $1", isOfOwner: true),
        Of(Tables.Keys, "agent_id = $1"),
        Of(Tables.Approvals, "agent_id = $1"),
        Of(Tables.Letters, "agent_id = $1"),
        Of(Tables.Endpoints, "agent_id = $1"),
        Of(Tables.TrustSteps, "agent_id = $1"),
        Of(Tables.Jobs, $"id in {OwnJobs}"),
        Of(Tables.Terms, $"job_id in {OwnJobs}"),
        Of(Tables.Parts, $"series_id in {OwnJobs}"),
        Of(Tables.Submissions, $"job_id in {OwnJobs}"),
        Of(Tables.Notes, $"job_id in {OwnJobs}"),
        Of(Tables.Messages, $"job_id in {OwnJobs}"),
        Of(Tables.Files, $"job_id in {OwnJobs}"),
        Of(Tables.Reviews, $"job_id in {OwnJobs}"),
        Of(Tables.Bids, "bidder = $1"),
        Of(Tables.Operations, "owner_id = $1", isOfOwner: true),
        Of(LogTables.Facts, $"subject = $1 or subject in {OwnJobs}"),
    ];

    public static int Count => Sections.Length;

    public static string Kind(int section) => Sections[section].Kind;

    /// <summary>Some rows of one section, in the order of their keys.</summary>
    public static Statement<JsonElement> Rows(int section, Guid agent, Guid owner, int limit, long passOver)
    {
        var one = Sections[section];
        return new(one.Sql, [one.IsOfOwner ? owner : agent, limit, passOver], one.Read);
    }

    private static Section Of<T>(Table<T> table, string where, bool isOfOwner = false) where T : notnull
    {
        // Hashes and sealed secrets are of no use to anybody but this server.
        var columns = table.Columns.Where(column => column.PgType != "bytea").ToList();
        string keys = string.Join(", ", table.Columns.Take(table.KeyColumns).Select(column => column.Name));
        string names = string.Join(", ", columns.Select(column => column.Name));
        return new Section(table.Name, isOfOwner,
            $"select {names} from {table.Name} where {where} order by {keys} limit $2 offset $3",
            row => Read(row, columns));
    }

    private static JsonElement Read<T>(IRow row, List<Column<T>> columns)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (int i = 0; i < columns.Count; i++)
            {
                if (row.IsNull(i)) continue;
                json.WritePropertyName(columns[i].Name);
                if (columns[i].PgType == "uuid") json.WriteStringValue(row.Guid(i));
                else if (columns[i].PgType == "text") json.WriteStringValue(row.Text(i));
                else json.WriteNumberValue(row.Long(i));
            }
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
