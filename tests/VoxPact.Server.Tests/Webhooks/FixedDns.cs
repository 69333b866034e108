using System.Net;
using System.Net.Sockets;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>A resolver that knows only what a table says and counts how often it was asked.</summary>
internal sealed class FixedDns
{
    private readonly Dictionary<string, IPAddress[]> _table;
    private int _lookups;

    /// <param name="table">One name a line, followed by its addresses.</param>
    public FixedDns(string table) =>
        _table = table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(words => words[0], words => words.Skip(1).Select(IPAddress.Parse).ToArray());

    public int Lookups => Volatile.Read(ref _lookups);

    public ResolveHost Resolve => (host, _) =>
    {
        Interlocked.Increment(ref _lookups);
        return _table.TryGetValue(host, out IPAddress[]? addresses)
            ? Task.FromResult(addresses)
            : throw new SocketException((int)SocketError.HostNotFound);
    };
}
