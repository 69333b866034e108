using Npgsql;

namespace VoxPact.Server.Storage.Postgres;

/// <summary>The current row of a PostgreSQL result.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : IRow
{
    public bool IsNull(int column) => reader.IsDBNull(column);
    public long Long(int column) =>
        reader.GetFieldType(column) == typeof(int) ? reader.GetInt32(column) : reader.GetInt64(column);
    public Guid Guid(int column) => reader.GetGuid(column);
    public string Text(int column) => reader.GetString(column);
    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);
}
