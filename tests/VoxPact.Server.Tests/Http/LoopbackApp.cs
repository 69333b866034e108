using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VoxPact.Server.Tests.Http;

/// <summary>A real Kestrel on a free loopback port, with nothing in it but what a test puts there.</summary>
internal sealed class LoopbackApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackApp(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>Speaks to the app.</summary>
    public HttpClient Client { get; }

    /// <summary>Where the app listens.</summary>
    public Uri Address => Client.BaseAddress!;

    public static async Task<LoopbackApp> StartAsync(
        Action<WebApplication> configure, Action<WebApplicationBuilder>? build = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        build?.Invoke(builder);
        WebApplication app = builder.Build();
        configure(app);
        await app.StartAsync();
        return new LoopbackApp(app);
    }

    /// <summary>An app that does the same for every request.</summary>
    public static Task<LoopbackApp> StartAsync(RequestDelegate handle) => StartAsync(app => app.Run(handle));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
