using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace VoxPact.CrashTests.Load;

/// <summary>
/// Where the agents' events arrive, on a real socket. Some it refuses, so that they have to come again.
/// </summary>
internal sealed class Listener : IAsyncDisposable
{
    private const int RefusesOneIn = 25;

    private readonly WebApplication _app;
    private readonly Random _random;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _taken = new();

    private Listener(WebApplication app, int seed) => (_app, _random) = (app, new Random(seed));

    public static async Task<Listener> StartAsync(int seed, CancellationToken stop)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var listener = new Listener(builder.Build(), seed);
        listener._app.MapPost("/{name}", (RequestDelegate)listener.ReceiveAsync);
        await listener._app.StartAsync(stop);
        return listener;
    }

    public string UrlOf(string name) => $"{_app.Urls.First()}/{name}";

    /// <summary>The ids of the events that an agent has taken, in the order in which they came.</summary>
    public IReadOnlyList<string> TakenBy(string name) => _taken.TryGetValue(name, out var ids) ? [.. ids] : [];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        bool refuses;
        lock (_random) refuses = _random.Next(RefusesOneIn) == 0;
        if (refuses)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        string name = (string)http.Request.RouteValues["name"]!;
        _taken.GetOrAdd(name, _ => new ConcurrentQueue<string>()).Enqueue(body.RootElement.GetProperty("id").GetString()!);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
