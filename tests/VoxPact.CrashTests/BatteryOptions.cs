using System.Globalization;

namespace VoxPact.CrashTests;

/// <summary>What one run of the battery is told.</summary>
internal sealed record BatteryOptions
{
    public const string Usage = """
        Kills a server under load again and again, and counts what was lost or done twice.

          --kills N                 how often the server is killed (25)
          --minutes M               kills no more after so many minutes (120)
          --seed S                  what the kills, the faults and the load follow (1)
          --database sqlite|postgres  sqlite is the default; postgres starts a private cluster, and kills it too
          --postgres HOST=…         databases of a cluster that is already there, which is never stopped
          --each-point N            instead of random kills: N kills at every crash point
          --nodes N                 so many servers on one PostgreSQL, behind HAProxy; one of them is killed at a time (1)
          --agents N                buyers, and as many workers (5)
          --server DLL              a published server, which starts faster than the one built with this battery
          --twin fresh-keys         a deliberately broken server, which must be caught
          --keep                    keeps the folder with both databases and the servers' words
        """;

    public int Kills { get; private init; } = 25;
    public int Minutes { get; private init; } = 120;
    public int Seed { get; private init; } = 1;
    public bool IsPostgres { get; private init; }
    public string? ForeignPostgres { get; private init; }
    public int EachPoint { get; private init; }
    public int Nodes { get; private init; } = 1;
    public int Agents { get; private init; } = 5;
    public string Server { get; private init; } = typeof(VoxPact.Server.ServerOptions).Assembly.Location;
    public string? Twin { get; private init; }
    public bool Keeps { get; private init; }

    /// <summary>Null when it cannot be understood.</summary>
    public static BatteryOptions? Read(string[] args)
    {
        var options = new BatteryOptions();
        for (int i = 0; i < args.Length; i++)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            BatteryOptions? read = (args[i], isNumber) switch
            {
                ("--kills", true) => options with { Kills = number },
                ("--minutes", true) when number > 0 => options with { Minutes = number },
                ("--seed", true) => options with { Seed = number },
                ("--each-point", true) when number > 0 => options with { EachPoint = number },
                ("--nodes", true) when number is > 0 and <= 8 => options with { Nodes = number },
                ("--agents", true) when number > 0 => options with { Agents = number },
                ("--database", _) when value is "sqlite" or "postgres" =>
                    options with { IsPostgres = value == "postgres" },
                ("--postgres", _) when value.Length > 0 =>
                    options with { IsPostgres = true, ForeignPostgres = value },
                ("--server", _) when File.Exists(value) => options with { Server = Path.GetFullPath(value) },
                ("--twin", _) when value == "fresh-keys" => options with { Twin = value },
                ("--keep", _) => options with { Keeps = true },
                _ => null,
            };
            if (read is null) return null;
            if (args[i] != "--keep") i++;
            options = read;
        }
        // SQLite has one node; and time passes between the rounds while every server is down.
        return options.Nodes > 1 && (!options.IsPostgres || options.EachPoint > 0) ? null : options;
    }
}
