namespace VoxPact.Server.Demo;

/// <summary>
/// The demo agents' own server on loopback: one address for each agent's events, and the document that the
/// buyer lets the worker fetch.
/// </summary>
internal sealed class DemoListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DemoListener(WebApplication app, string url, Inbox buyer, Inbox worker) =>
        (_app, Url, Buyer, Worker) = (app, url, buyer, worker);

    public string Url { get; }
    public Inbox Buyer { get; }
    public Inbox Worker { get; }
    public string DocumentUrl => $"{Url}/document";

    public static async Task<DemoListener> StartAsync(
        SourceDocument document, TimeProvider clock, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        string url = Sandbox.FixPort("http://127.0.0.1:0");
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        Inbox buyer = new(clock), worker = new(clock);
        app.MapPost("/buyer", (HttpRequest request) => buyer.ReceiveAsync(request));
        app.MapPost("/worker", (HttpRequest request) => worker.ReceiveAsync(request));
        app.MapGet("/document", () => Results.Bytes(document.Bytes, document.MediaType));
        await app.StartAsync(stop);
        return new DemoListener(app, url, buyer, worker);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
