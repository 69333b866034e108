using System.Reflection;
using DbUp;
using DbUp.Builder;

namespace VoxPact.Server.Storage.Migrations;

/// <summary>
/// One set of scripts for both databases: they differ in the names of a few types, which DbUp fills in.
/// </summary>
internal static class Apply
{
    public static void Sqlite(string path) => Run(
        DeployChanges.To.SqliteDatabase($"Data Source={path};Pooling=False"),
        new Dictionary<string, string>
        {
            ["uuid"] = "blob",
            ["bytes"] = "blob",
            ["identity"] = "integer primary key autoincrement",
            ["hot"] = "",
            ["clustered"] = "without rowid",
        });

    public static void Postgres(string connectionString) => Run(
        DeployChanges.To.PostgresqlDatabase(connectionString),
        new Dictionary<string, string>
        {
            ["uuid"] = "uuid",
            ["bytes"] = "bytea",
            ["identity"] = "bigint generated always as identity primary key",
            // Room on each page for the next version of a row, so that updates stay on it and touch no index.
            ["hot"] = "with (fillfactor = 50)",
            ["clustered"] = "",
        });

    private static void Run(UpgradeEngineBuilder builder, Dictionary<string, string> variables)
    {
        var result = builder
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(),
                name => name.EndsWith(".sql", StringComparison.Ordinal))
            .WithVariables(variables)
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
            throw new InvalidOperationException("The database could not be brought up to date.", result.Error);
    }
}
