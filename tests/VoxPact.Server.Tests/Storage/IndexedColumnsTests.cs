using System.Reflection;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Sqlite;
using Xunit;

namespace VoxPact.Server.Tests.Storage;

/// <summary>The mapping names every indexed column that may change, and no other: SQLite's updates rest on it.</summary>
public sealed class IndexedColumnsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voxpact-indexed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_mapping_knows_which_columns_stand_in_an_index()
    {
        await using var store = new SqliteStore(Path.Combine(_folder, "voxpact.db"));
        store.Migrate();
        int tables = 0;
        foreach (var table in new[] { typeof(Tables), typeof(LogTables) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => field.GetValue(null)).OfType<Table>())
        {
            var inIndexes = await store.QueryAsync(
                "select distinct c.name from pragma_index_list($1) i join pragma_index_info(i.name) c "
                + "where i.origin = 'c' and c.name is not null",
                [table.Name], row => row.Text(0), TestContext.Current.CancellationToken);
            // An index of some rows is written anew, too, when a column changes that says which.
            var conditions = await store.QueryAsync(
                "select substr(sql, instr(sql, ' where ') + 7) from sqlite_master where type = 'index' "
                + "and tbl_name = $1 and instr(sql, ' where ') > 0",
                [table.Name], row => row.Text(0), TestContext.Current.CancellationToken);
            inIndexes.AddRange(conditions.SelectMany(condition => condition.Split(' ')));
            Assert.Equal(
                inIndexes.Intersect(table.MutableNames).Order().Select(name => $"{table.Name}.{name}"),
                table.Indexed.Order().Select(name => $"{table.Name}.{name}"));
            tables++;
        }
        Assert.True(tables > 15);
    }
}
