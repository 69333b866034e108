using System.Reflection;
using DbUp;
using DbUp.Builder;

namespace VoxPact.Server.Storage.Migrations;

/// <summary>
/// One set of scripts for both databases: they differ in the names of a few types, which DbUp fills in. Only the index
/// of words is written twice, for no common language makes one.
/// </summary>
internal static class Apply
{
    public static void Sqlite(string path) => Run(
        DeployChanges.To.SqliteDatabase($"Data Source={path};Pooling=False"), other: ".postgres.sql",
        new Dictionary<string, string>
        {
            ["uuid"] = "blob",
            ["bytes"] = "blob",
            ["identity"] = "integer primary key autoincrement",
            ["hot"] = "",
            ["clustered"] = "without rowid",
            ["zero"] = "zeroblob(16)",
            // One writer: what is seen is all there will ever be before the next.
            ["settled"] = "9223372036854775807",
        });

    public static void Postgres(string connectionString) => Run(
        DeployChanges.To.PostgresqlDatabase(connectionString), other: ".sqlite.sql",
        new Dictionary<string, string>
        {
            ["uuid"] = "uuid",
            ["bytes"] = "bytea",
            ["identity"] = "bigint generated always as identity primary key",
            // Room on each page for the next version of a row, so that updates stay on it and touch no index.
            ["hot"] = "with (fillfactor = 50)",
            ["clustered"] = "",
            ["zero"] = "'00000000-0000-0000-0000-000000000000'",
            ["settled"] = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
        });

    /// <param name="other">How the names of the scripts end that are for the other database only.</param>
    private static void Run(UpgradeEngineBuilder builder, string other, Dictionary<string, string> variables)
    {
        var result = builder
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(),
                name => name.EndsWith(".sql", StringComparison.Ordinal)
                    && !name.EndsWith(other, StringComparison.Ordinal))
            .WithVariables(variables)
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful) throw new BadDatabase(result.Error);
    }
}

/// <summary>The database cannot be reached or brought up to date: for the operator to mend, in words.</summary>
internal sealed class BadDatabase(Exception cause)
    : Exception($"The database cannot be reached or brought up to date: {cause.Message}", cause);
