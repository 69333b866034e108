namespace VoxPact.Server.Storage;

/// <summary>The current row of a result, by column number from 0, the same for both databases.</summary>
internal interface IRow
{
    bool IsNull(int column);
    long Long(int column);
    Guid Guid(int column);
    string Text(int column);
    byte[] Bytes(int column);
}

internal static class RowReading
{
    public static int Int(this IRow row, int column) => (int)row.Long(column);
    public static bool Bool(this IRow row, int column) => row.Long(column) != 0;
    public static long? LongOrNull(this IRow row, int column) => row.IsNull(column) ? null : row.Long(column);
    public static int? IntOrNull(this IRow row, int column) => row.IsNull(column) ? null : (int)row.Long(column);
    public static Guid? GuidOrNull(this IRow row, int column) => row.IsNull(column) ? null : row.Guid(column);
    public static string? TextOrNull(this IRow row, int column) => row.IsNull(column) ? null : row.Text(column);
    public static byte[]? BytesOrNull(this IRow row, int column) => row.IsNull(column) ? null : row.Bytes(column);
}
