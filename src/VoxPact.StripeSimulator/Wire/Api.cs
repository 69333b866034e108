using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>A request's way through: who asks, what is asked, was it asked before, do it, answer.</summary>
internal sealed partial class Api(
    SimulatorOptions options, Store store, FaultDice dice, IReadOnlyList<Operation> operations, Func<Links> links,
    ILogger<Api> log)
{
    /// <summary>The version that Stripe.net 53.1 pins; events must carry it to be accepted there.</summary>
    public const string Version = "2026-10-28.endive";

    private readonly Keys _keys = new(options);
    private readonly Idempotency _idempotency = new();
    private readonly OnTheWire _wire = new();

    public async Task HandleAsync(HttpContext http, Operation operation)
    {
        var requestId = Ids.New("req_", 14);
        Answer answer;
        try
        {
            answer = await RunAsync(http, operation, requestId);
        }
        catch (Fault fault)
        {
            answer = Refusal(fault, requestId);
        }
        catch (BadHttpRequestException broken)
        {
            answer = Refusal(
                broken.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? Fault.TooLarge()
                    : Fault.Invalid("Invalid request: it could not be read."), requestId);
        }
        catch (StageException)
        {
            http.Abort();
            return;
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            Bug(log, operation.Path, bug);
            answer = Refusal(Fault.Broken(), requestId);
        }
        await SendAsync(http, answer, requestId);
    }

    /// <summary>
    /// Lets what is held on its way arrive, and is done when it has: before time moves, for no request is on the wire
    /// for a day.
    /// </summary>
    public Task ArriveAsync() => _wire.ArriveAsync();

    /// <summary>Any address of the API that is no operation.</summary>
    public Task UnknownAsync(HttpContext http)
    {
        var requestId = Ids.New("req_", 14);
        var fault = Fault.UnknownUrl(http.Request.Method, http.Request.Path);
        return SendAsync(http, Refusal(fault, requestId), requestId);
    }

    /// <summary>Admits only the secret key: the simulator's own control endpoints.</summary>
    public void RequireSecret(HttpContext http)
    {
        if (_keys.Recognize(http, null) != KeyKind.Secret)
            throw Fault.SecretKeyRequired();
    }

    private async Task<Answer> RunAsync(HttpContext http, Operation operation, string requestId)
    {
        var parameters = await FormReader.ReadAsync(http);
        var key = _keys.Recognize(http, parameters.Text("key"));
        if (key == KeyKind.Publishable && !operation.Publishable)
            throw Fault.SecretKeyRequired();
        if (key == KeyKind.Publishable)
            parameters.RefuseUnknown(new HashSet<string>([.. operation.Known, .. SentByBrowsers]));
        else
            parameters.RefuseUnknown(operation.Known);
        var account = http.Request.Headers["Stripe-Account"].ToString(
            ) is { Length: > 0 } named ? named : null;
        if (account is not null && !operation.ForAccounts)
            throw Fault.Invalid("The simulator knows the Stripe-Account header for balances and payouts only.");
        var request = new Request(
            operation, parameters, http.Request.RouteValues, key == KeyKind.Publishable, account, requestId);
        string? once = http.Request.Headers["Idempotency-Key"].ToString();
        if (once.Length == 0 || !HttpMethods.IsPost(operation.Method))
            once = null;
        var fault = dice.OfRequest(operation.Method, http.Request.Path, once is not null);
        if (fault is PlannedFault.Reset)
            throw new StageException();
        if (fault is PlannedFault.Limited)
            throw Fault.TooMany();
        using var held = fault is PlannedFault.Held ? _wire.Hold() : null;
        var answer = once is null
            ? await PlainAsync(http, request, held, fault)
            : await OnceAsync(http, request, once, held, fault);
        if (fault is PlannedFault.Slow)
            await PauseAsync();
        return fault is PlannedFault.Lost ? throw new StageException() : answer;
    }

    private async Task<Answer> PlainAsync(HttpContext http, Request request, OnTheWire.Held? held, PlannedFault fault)
    {
        if (fault is PlannedFault.Error)
            throw Fault.Planned();
        await StageAsync(RequestStage.Admitted, http);
        if (held is not null)
            await Task.WhenAny(PauseAsync(), held.Released);
        // What has arrived is done, whether or not the client still waits for the answer.
        var answer = await store.WriteAsync(
            session => Execute(session, request), new RequestMark(request.RequestId, null), CancellationToken.None);
        await StageAsync(RequestStage.Committed, http);
        return fault is PlannedFault.ErrorExecuted ? throw Fault.Planned() : answer;
    }

    private async Task<Answer> OnceAsync(
        HttpContext http, Request request, string key, OnTheWire.Held? held, PlannedFault fault)
    {
        // Only printable ASCII may go back in a header, and the key does.
        if (key.Length > Idempotency.MaxKeyLength || key.Any(c => c is < ' ' or > '~'))
            throw Fault.Invalid(
                $"Idempotency keys are at most {Idempotency.MaxKeyLength} printable ASCII characters long.");
        var fingerprint = Idempotency.Fingerprint(
            request.Operation.Method, http.Request.Path, request.Account, request.Params);
        using var claim = _idempotency.Claim(key);
        if (fault is PlannedFault.Busy)
            throw Fault.KeyInUse(key);
        await StageAsync(RequestStage.Admitted, http);
        if (held is not null)
            await Task.WhenAny(PauseAsync(), held.Released);
        var mark = new RequestMark(request.RequestId, key);
        Answer answer;
        try
        {
            answer = await store.WriteAsync(
                session =>
                {
                    if (Idempotency.Kept(session, key, fingerprint) is { } kept)
                        return kept;
                    if (IsPostponed(session, key))
                        throw Fault.KeyInUse(key);
                    return ExecuteOnce(session, request, http.Request.Path, key, fingerprint, fault);
                },
                mark, CancellationToken.None);
        }
        catch (Fault refused) when (refused.Executed)
        {
            // The refused work is undone, but Stripe keeps the answer of anything it began to execute.
            answer = Refusal(refused, request.RequestId);
            await store.WriteAsync(
                session =>
                {
                    Idempotency.Keep(session, key, fingerprint, answer);
                    return true;
                },
                mark, CancellationToken.None);
        }
        http.Response.Headers["Idempotency-Key"] = key;
        await StageAsync(RequestStage.Committed, http);
        return answer;
    }

    private Answer ExecuteOnce(
        Session session, Request request, string path, string key, string fingerprint, PlannedFault fault)
    {
        var failure = fault is PlannedFault.Error or PlannedFault.ErrorExecuted or PlannedFault.Late
            ? Refusal(Fault.Planned(), request.RequestId)
            : null;
        if (fault is PlannedFault.Decline)
            session.ForcedDecline = Decline.Codes.ElementAt(dice.Below(Decline.Codes.Count));
        if (fault is PlannedFault.Late)
            Postpone(session, request, path, key, fingerprint);
        var done = fault is PlannedFault.Late or PlannedFault.Error ? null : Execute(session, request);
        if ((dice.Plan.KeepsErrors ? failure ?? done : done) is { } lasting)
            Idempotency.Keep(session, key, fingerprint, lasting);
        return failure ?? done!;
    }

    private Answer Execute(Session session, Request request)
    {
        var call = new Call(session, request.Params, request.Route, request.IsPublishable)
        {
            Account = request.Account,
            Links = links(),
        };
        var outcome = request.Operation.Run(call);
        var (status, body) = (outcome.Status, outcome.Body.Public());
        if (status == 200)
            Expansion.Apply(session, body, request.Params.Texts("expand"));
        else
            body["error"]!["request_log_url"] = LogUrl(request.RequestId);
        return new Answer(status, Json.Text(body));
    }

    private Task PauseAsync() => Task.Delay(TimeSpan.FromMilliseconds(dice.Plan.SlowMs), options.Time);

    private async Task StageAsync(RequestStage stage, HttpContext http)
    {
        try
        {
            await options.AtStage(stage, http.Request.Path);
        }
        catch (Exception planned)
        {
            throw new StageException(planned);
        }
    }

    private Answer Refusal(Fault fault, string requestId)
        => new(fault.Status, Json.Text(fault.ToJson(LogUrl(requestId))));

    private string LogUrl(string requestId) => $"{links().Index}?request={requestId}";

    private static async Task SendAsync(HttpContext http, Answer answer, string requestId)
    {
        var headers = http.Response.Headers;
        headers["Request-Id"] = requestId;
        headers["Stripe-Version"] = http.Request.Headers["Stripe-Version"] is { Count: 1 } asked
            && Readable().IsMatch(asked.ToString()) ? asked : Version;
        headers["Access-Control-Allow-Origin"] = "*";
        headers.CacheControl = "no-cache, no-store";
        if (answer.Replayed)
            headers["Idempotent-Replayed"] = "true";
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.Body);
    }

    /// <summary>What Stripe.js adds to each of its requests.</summary>
    private static readonly string[] SentByBrowsers =
        ["guid", "muid", "sid", "payment_user_agent", "time_on_page", "client_attribution_metadata",
         "_stripe_version", "_stripe_account", "referrer", "pasted_fields", "expected_payment_method_type"];

    [System.Text.RegularExpressions.GeneratedRegex("^[A-Za-z0-9._; =-]{1,100}$")]
    private static partial System.Text.RegularExpressions.Regex Readable();

    [LoggerMessage(LogLevel.Error, "The simulator failed in {Path}")]
    private static partial void Bug(ILogger log, string path, Exception exception);

    private sealed record Request(
        Operation Operation, Params Params, RouteValueDictionary Route, bool IsPublishable, string? Account,
        string RequestId);
}

/// <summary>Thrown by the misbehaviour seam: the connection is dropped instead of answered.</summary>
internal sealed class StageException(Exception? planned = null)
    : Exception("An answer was lost on purpose.", planned);
