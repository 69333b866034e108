using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// The databases to run a test on: <c>[Theory, ClassData&lt;Databases&gt;]</c>. SQLite always; PostgreSQL when
/// <c>VOXPACT_TEST_POSTGRES</c> names one or its binaries are on this machine.
/// </summary>
public sealed class Databases : TheoryData<string>
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgresql";

    private static readonly bool s_hasPostgres = LookForPostgres();

    public Databases()
    {
        foreach (string database in All) Add(database);
    }

    public static IReadOnlyList<string> All { get; } = s_hasPostgres ? [Sqlite, Postgres] : [Sqlite];

    private static bool LookForPostgres()
    {
        bool found = PostgresForTests.IsAvailable;
        if (!found)
            Console.Error.WriteLine(
                "No PostgreSQL found (VOXPACT_TEST_POSTGRES, or its binaries): these tests run on SQLite only.");
        return found;
    }
}
