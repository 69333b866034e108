using VoxPact.StripeSimulator.Control;
using VoxPact.StripeSimulator.Events;
using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Pages;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator;

/// <summary>A running simulator. Disposing it stops it; its state stays in its database file.</summary>
public sealed class StripeSimulatorHost : IAsyncDisposable
{
    private static readonly TimeSpan RipenEvery = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly Store _store;
    private readonly Delivery _delivery;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ripening;
    private int _disposed;

    private StripeSimulatorHost(
        WebApplication app, Store store, Delivery delivery, Api api, SimulatorOptions options)
    {
        _app = app;
        _store = store;
        _delivery = delivery;
        Url = app.Urls.First().TrimEnd('/');
        _ripening = RipenAsync(api, options.Time);
    }

    /// <summary>
    /// Where it listens, without a slash at the end: the <c>ApiBase</c> for any Stripe library.
    /// </summary>
    public string Url { get; }

    /// <summary>
    /// Opens or makes the database, listens, and begins to deliver what was left undelivered.
    /// </summary>
    public static async Task<StripeSimulatorHost> StartAsync(
        SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        foreach (var address in (string?[])[options.PublicUrl, options.WebhookUrl])
            if (address is not null
                && !(Uri.TryCreate(address, UriKind.Absolute, out var to) && to.Scheme is "http" or "https"))
                throw new ArgumentException($"Not an http address: {address}", nameof(options));
        var dice = new FaultDice();
        var store = new Store(options, dice, Ripening.Run);
        var delivery = new Delivery(store, dice, options);
        store.EventsWaiting = delivery.Ring;
        // The empty builder reads no settings: the host that embeds this one must not steer it by accident.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Urls).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = FormReader.MaxBodyBytes + 1;
        });
        builder.Services.AddRoutingCore();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole();
        var app = builder.Build();
        Api api;
        try
        {
            api = Map(app, options, store, delivery, dice);
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            store.Dispose();
            throw;
        }
        delivery.Start();
        return new StripeSimulatorHost(app, store, delivery, api, options);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _stop.CancelAsync();
        await _app.StopAsync(CancellationToken.None);
        await _ripening;
        await _delivery.DisposeAsync();
        await _app.DisposeAsync();
        _store.Dispose();
        _stop.Dispose();
    }

    private static Api Map(
        WebApplication app, SimulatorOptions options, Store store, Delivery delivery, FaultDice dice)
    {
        var publicUrl = options.PublicUrl;
        Links CurrentLinks() => new(Volatile.Read(ref publicUrl) ?? app.Urls.First());
        Operation[] operations =
        [
            .. Customers.Operations, .. CheckoutSessions.Operations, .. SetupIntents.Operations,
            .. PaymentMethods.Operations, .. PaymentIntents.Operations, .. Charges.Operations,
            .. Refunds.Operations, .. Disputes.Operations, .. Accounts.Operations, .. Transfers.Operations,
            .. Payouts.Operations, .. EventLog.Operations,
        ];
        var api = new Api(
            options, store, dice, operations, CurrentLinks, app.Services.GetRequiredService<ILogger<Api>>());
        foreach (var operation in operations)
            app.MapMethods(
                operation.Path, [operation.Method],
                (RequestDelegate)(http => api.HandleAsync(http, operation)));
        app.MapMethods("/v1/{**path}", [HttpMethods.Options], Preflight);
        app.Map("/{**path}", (RequestDelegate)api.UnknownAsync);
        new ControlRoutes(options, api, store, delivery, dice, url => Volatile.Write(ref publicUrl, url)).Map(app);
        new PageRoutes(store, CurrentLinks, app.Services.GetRequiredService<ILogger<PageRoutes>>()).Map(app);
        return api;
    }

    /// <summary>Browsers ask before Stripe.js may call another origin.</summary>
    private static Task Preflight(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
        http.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type, Stripe-Version";
        return Task.CompletedTask;
    }

    /// <summary>Sessions expire, money becomes available and late requests are done even when nobody asks.</summary>
    private async Task RipenAsync(Api api, TimeProvider time)
    {
        using var timer = new PeriodicTimer(RipenEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await _store.WriteAsync(static _ => true, _stop.Token);
                await api.RunLateAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
