namespace VoxPact.Server;

/// <summary>A started server, and how to stop it in the order in which its parts need each other.</summary>
internal sealed class RunningServer(
    WebApplication app, Deployment deployment, string? newOperatorKey, IReadOnlyList<IHostedService> loops,
    IDisposable? folder) : IAsyncDisposable
{
    public Deployment Deployment => deployment;
    public string Url => deployment.PublicUrl;

    /// <summary>The operator's key, when this start made it: shown once.</summary>
    public string? NewOperatorKey => newOperatorKey;

    /// <summary>Every route with what it declares of itself.</summary>
    public IEnumerable<Endpoint> Endpoints =>
        ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints);

    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        foreach (var loop in loops) await loop.StopAsync(CancellationToken.None);
        await deployment.Engine.DisposeAsync();
        await app.DisposeAsync();
        if (deployment.Simulator is { } simulator) await simulator.DisposeAsync();
        deployment.Checks.Dispose();
        deployment.Stripe.Dispose();
        deployment.Files.Dispose();
        await deployment.Store.DisposeAsync();
        folder?.Dispose();
    }
}
