using System.Text.Json;
using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Events;
using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Control;

/// <summary>The simulator's own levers, which Stripe does not have; each wants the secret key.</summary>
internal sealed class ControlRoutes(
    SimulatorOptions options, Api api, Store store, Delivery delivery, FaultDice dice, Action<string> setPublicUrl)
{
    /// <summary>A century is enough for any test and far from where dates overflow.</summary>
    private const long MaxAdvanceSeconds = 100L * 366 * 24 * 3600;

    public void Map(WebApplication app)
    {
        app.MapGet("/_control/clock", (RequestDelegate)(http => RunAsync(http, ClockAsync)));
        app.MapPost("/_control/clock", (RequestDelegate)(http => RunAsync(http, AdvanceAsync)));
        app.MapPost("/_control/balance", (RequestDelegate)(http => RunAsync(http, FundAsync)));
        app.MapPost("/_control/webhook", (RequestDelegate)(http => RunAsync(http, PointAsync)));
        app.MapPost("/_control/public_url", (RequestDelegate)(http => RunAsync(http, PublishAsync)));
        app.MapGet("/_control/deliveries", (RequestDelegate)(http => RunAsync(http, DeliveriesAsync)));
        app.MapPost("/_control/events/{id}/resend", (RequestDelegate)(http => RunAsync(http, ResendAsync)));
        var faults = new FaultRoutes(dice);
        app.MapGet("/_control/faults", (RequestDelegate)(http => RunAsync(http, faults.ShowAsync)));
        app.MapPost("/_control/faults", (RequestDelegate)(http => RunAsync(http, faults.PlanAsync)));
        app.MapPost("/_control/faults/next", (RequestDelegate)(http => RunAsync(http, faults.NextAsync)));
        app.MapPost("/_control/fees", (RequestDelegate)(http => RunAsync(http, FeesAsync)));
        foreach (var (path, lever) in Levers.All)
        {
            Task<JsonObject> Pull(HttpContext http, Params form) => PullAsync(http, form, lever);
            app.MapPost(path, (RequestDelegate)(http => RunAsync(http, Pull)));
        }
    }

    /// <summary>What happens at Stripe without the platform having asked for it.</summary>
    private Task<JsonObject> PullAsync(
        HttpContext http, Params form, Func<Session, string, Params, JsonObject> lever)
    {
        var id = (string?)http.Request.RouteValues["id"] ?? "";
        return store.WriteAsync(session => lever(session, id, form).Public(), http.RequestAborted);
    }

    private async Task<JsonObject> FeesAsync(HttpContext http, Params form)
    {
        var fees = new ProcessingFees(
            (int)InRange(form, "basis_points", 10_000), InRange(form, "fixed", 10_000),
            InRange(form, "dispute", 100_000));
        var kept = JsonSerializer.Serialize(fees);
        await store.KeepAsync(
            db =>
            {
                db.Set("fees", kept);
                return true;
            },
            http.RequestAborted);
        return new JsonObject
        {
            ["basis_points"] = fees.BasisPoints,
            ["fixed"] = fees.FixedMinor,
            ["dispute"] = fees.DisputeMinor,
        };
    }

    private static long InRange(Params form, string name, long max) => form.Integer(name) switch
    {
        null => 0,
        >= 0 and var number when number <= max => number,
        _ => throw Fault.Invalid($"{name} must be 0 to {max}.", name),
    };

    private async Task RunAsync(HttpContext http, Func<HttpContext, Params, Task<JsonObject>> run)
    {
        JsonObject body;
        try
        {
            api.RequireSecret(http);
            body = await run(http, await ReadAsync(http));
        }
        catch (Fault fault)
        {
            http.Response.StatusCode = fault.Status;
            body = fault.ToJson("");
        }
        catch (BadHttpRequestException broken)
        {
            http.Response.StatusCode = broken.StatusCode;
            body = Fault.Invalid("Invalid request: it could not be read.").ToJson("");
        }
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(Json.Text(body));
    }

    private static async Task<Params> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) != true)
            return await FormReader.ReadAsync(http);
        var root = new Params("");
        try
        {
            using var json = JsonDocument.Parse(await FormReader.BodyAsync(http));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw Fault.Invalid("Invalid request: a JSON object is expected.");
            foreach (var property in json.RootElement.EnumerateObject())
                root.Open(property.Name).Set(
                    property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False
                        ? property.Value.GetRawText()
                        : property.Value.ToString());
        }
        catch (JsonException)
        {
            throw Fault.Invalid("Invalid request: the JSON cannot be read.");
        }
        return root;
    }

    private async Task<JsonObject> ClockAsync(HttpContext http, Params form)
        => Clock(await store.WriteAsync(session => session.Now, http.RequestAborted));

    private async Task<JsonObject> AdvanceAsync(HttpContext http, Params form)
    {
        form.Required("advance_seconds");
        var seconds = form.Integer("advance_seconds")!.Value;
        if (seconds is < 0 or > MaxAdvanceSeconds)
            throw Fault.Invalid("Time moves forward only, by at most a century.", "advance_seconds");
        var now = await store.WriteAsync(session => session.Now, http.RequestAborted);
        if (now + seconds > options.Time.GetUtcNow().ToUnixTimeSeconds() + MaxAdvanceSeconds)
            throw Fault.Invalid("The clock is at most a century ahead.", "advance_seconds");
        await api.ArriveAsync();
        // Time that has begun to move moves whole, and what it made due is done, whoever still waits for the answer.
        var later = await store.AdvanceAsync(seconds, CancellationToken.None);
        await api.RunLateAsync(CancellationToken.None);
        return Clock(later);
    }

    private async Task<JsonObject> FundAsync(HttpContext http, Params form)
    {
        form.Required("amount");
        var amount = form.Integer("amount")!.Value;
        var currency = Resources.Fields.Currency(form);
        if (amount is 0 or > 99_999_999_999 or < -99_999_999_999)
            throw Fault.Invalid("The amount must not be zero, and below a thousand million.", "amount");
        return await store.WriteAsync(
            session =>
            {
                Balances.Move(
                    session, amount > 0 ? "topup" : "topup_reversal", currency, amount, 0, null, 0,
                    "Added through /_control/balance of the simulator");
                return Balances.Read(session, Balances.Platform);
            },
            http.RequestAborted);
    }

    private async Task<JsonObject> PointAsync(HttpContext http, Params form)
    {
        var url = form.Address("url");
        await delivery.PointAsync(url, form.Text("secret") ?? options.WebhookSecret, http.RequestAborted);
        return new JsonObject { ["url"] = url };
    }

    private Task<JsonObject> PublishAsync(HttpContext http, Params form)
    {
        var url = form.Address("url") ?? throw Fault.Missing("url");
        setPublicUrl(url);
        return Task.FromResult(new JsonObject { ["url"] = url });
    }

    private async Task<JsonObject> DeliveriesAsync(HttpContext http, Params form)
    {
        var counts = await store.KeepAsync(db => db.CountDeliveries(), http.RequestAborted);
        var body = new JsonObject { ["pending"] = 0, ["done"] = 0, ["failed"] = 0 };
        foreach (var (state, count) in counts)
            body[state] = count;
        return body;
    }

    private async Task<JsonObject> ResendAsync(HttpContext http, Params form)
    {
        var id = (string)http.Request.RouteValues["id"]!;
        return await delivery.ResendAsync(id, http.RequestAborted)
            ? new JsonObject { ["id"] = id }
            : throw Fault.NoSuch("event", id, "id", 404);
    }

    private static JsonObject Clock(long now) => new()
    {
        ["now"] = now,
        ["utc"] = DateTimeOffset.FromUnixTimeSeconds(now).ToString("O"),
    };
}
