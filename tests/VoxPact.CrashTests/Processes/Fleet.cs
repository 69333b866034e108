using System.Security.Cryptography;

namespace VoxPact.CrashTests.Processes;

/// <summary>The server: one process at the address, or several on one database behind a balancer that has it.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly Balancer? _balancer;

    private Fleet(IReadOnlyList<ServerProcess> nodes, CrashPoints points, Balancer? balancer) =>
        (Nodes, Points, _balancer) = (nodes, points, balancer);

    public IReadOnlyList<ServerProcess> Nodes { get; }

    public CrashPoints Points { get; }

    /// <summary>The first or only one: whose database is read, and who is told the operator's key.</summary>
    public ServerProcess First => Nodes[0];

    /// <param name="freePort">For each of several nodes; one alone is at the address itself.</param>
    public static async Task<Fleet> CreateAsync(Setup setup, int count, string folder, Uri address, Func<int> freePort)
    {
        // Several nodes must share a pepper; one makes its own.
        if (count > 1) setup = setup with { Pepper = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
        var (nodes, points) = (new List<ServerProcess>(), new CrashPoints());
        for (int i = 1; i <= count; i++)
        {
            string home = Path.Combine(folder, i == 1 ? "server" : $"server-{i}");
            Directory.CreateDirectory(home);
            string url = count == 1 ? address.GetLeftPart(UriPartial.Authority) : $"http://127.0.0.1:{freePort()}";
            nodes.Add(new ServerProcess(setup, home, url, points));
        }
        var balancer = count == 1
            ? null
            : await Balancer.StartAsync(folder, address.Port, nodes.Select(node => new Uri(node.Url)));
        return new Fleet(nodes, points, balancer);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        if (_balancer is not null) await _balancer.DisposeAsync();
    }
}
