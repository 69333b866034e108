using System.Collections.Concurrent;
using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// One server per database for all tests of a class that do not disturb each other:
/// <c>IClassFixture&lt;SharedServers&gt;</c>. Tests that move the clock or stop things start their own.
/// </summary>
public sealed class SharedServers : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<TestServer>>> _servers = new();

    internal Task<TestServer> OnAsync(string database) =>
        _servers.GetOrAdd(database, static name => new(() => TestServer.StartAsync(name))).Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values) await (await server.Value).DisposeAsync();
    }
}
