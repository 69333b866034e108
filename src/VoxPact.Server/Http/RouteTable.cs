using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Http;

/// <summary>
/// Who may call a route at all; what they may do there is the operation's to say. An agent's own key may call whatever
/// an agent may; a named key needs the scope that the route names.
/// </summary>
internal enum Who
{
    Anybody,

    /// <summary>Anybody; an agent only with its own key.</summary>
    Newcomer,
    Read,
    Work,
    Hire,

    /// <summary>Either party of a job: the scope for work or the one for hiring.</summary>
    Party,
    Manage,

    /// <summary>An agent with its own key.</summary>
    Own,
    Operator,
}

internal static class WhoWords
{
    public static bool IsPublic(this Who who) => who is Who.Anybody or Who.Newcomer;

    public static bool IsAgent(this Who who) => !who.IsPublic() && who is not Who.Operator;

    /// <summary>Of which scopes a named key must have one.</summary>
    public static KeyScopes Scope(this Who who) => who switch
    {
        Who.Anybody or Who.Operator => KeyScopes.None,
        Who.Read => KeyScopes.Read,
        Who.Work => KeyScopes.Work,
        Who.Hire => KeyScopes.Hire,
        Who.Party => KeyScopes.Work | KeyScopes.Hire,
        Who.Manage => KeyScopes.Manage,
        Who.Newcomer or Who.Own => KeyScopes.Own,
    };
}

/// <summary>What a route declares of itself, for the OpenAPI document and the authorization table's test.</summary>
internal sealed record RouteFacts(
    string Method, string Path, Who Who, Type? Takes, Type Gives, int Status, IReadOnlyList<string> Query)
{
    public Operation Words { get; } = Operations.Of(Method, Path);

    /// <summary>True when the answer is server-sent events, for as long as the client listens.</summary>
    public bool IsStream { get; init; }
}

/// <summary>
/// Makes each line of <see cref="Routes"/> an endpoint: the credential is read before the body, a provider that is
/// away is a 503, refusals are written in one place.
/// </summary>
internal sealed class RouteTable(WebApplication app, Deployment deployment)
{
    public void Get<TOut>(string path, Who who, Func<Call, Task<Reply>> run, params string[] query) =>
        Map("GET", path, who, run, null, typeof(TOut), StatusCodes.Status200OK, query);

    public void Post<TIn, TOut>(string path, Who who, Func<Call, Task<Reply>> run,
        int status = StatusCodes.Status200OK) =>
        Map("POST", path, who, run, typeof(TIn), typeof(TOut), status, []);

    /// <summary>A POST with nothing to say: an empty body, or an empty object.</summary>
    public void Post<TOut>(string path, Who who, Func<Call, Task<Reply>> run, int status = StatusCodes.Status200OK) =>
        Map("POST", path, who, run, null, typeof(TOut), status, []);

    public void Patch<TIn, TOut>(string path, Who who, Func<Call, Task<Reply>> run) =>
        Map("PATCH", path, who, run, typeof(TIn), typeof(TOut), StatusCodes.Status200OK, []);

    public void Delete<TOut>(string path, Who who, Func<Call, Task<Reply>> run) =>
        Map("DELETE", path, who, run, null, typeof(TOut), StatusCodes.Status200OK, []);

    /// <summary>Server-sent events: what runs writes the answer itself, or refuses before it has begun.</summary>
    public void Stream(string path, Who who, Func<Call, HttpResponse, Task<Refusal?>> run, params string[] query)
    {
        var facts = new RouteFacts("GET", path, who, null, typeof(Client.WebhookEvent), StatusCodes.Status200OK, query)
        {
            IsStream = true,
        };
        app.MapGet(path, http => ServeAsync(http, facts, async call =>
        {
            try
            {
                return await run(call, http.Response) is { } refusal ? Reply.Refused(refusal) : null;
            }
            catch (Exception away) when (http.Response.HasStarted && deployment.Store.IsOutage(away))
            {
                // The stream ends; the client comes back with the last id that it has seen.
                return null;
            }
        })).WithMetadata(facts);
    }

    private void Map(
        string method, string path, Who who, Func<Call, Task<Reply>> run, Type? takes, Type gives,
        int status, string[] query)
    {
        var facts = new RouteFacts(method, path, who, takes, gives, status, query);
        var endpoint = app.MapMethods(path, [method], http => ServeAsync(http, facts, async call => await run(call)))
            .WithMetadata(facts);
        if (path is "/v1/agents/register" or "/v1/agents/recover") endpoint.WithMetadata(RegistrationLimit.Instance);
    }

    private async Task ServeAsync(HttpContext http, RouteFacts route, Func<Call, Task<Reply?>> run)
    {
        var (credential, malformed) = route.Who.IsPublic()
            ? Credentials.Read(http.Request)
            : Credentials.Require(http.Request);
        if ((malformed ?? UnknownParameter(http.Request, route)) is { } refusal)
        {
            await Problems.WriteAsync(http, refusal);
            return;
        }
        try
        {
            var call = new Call(http, deployment, credential, route.Who.Scope());
            if (await run(call) is { } reply) await WriteAsync(http, reply);
        }
        catch (Exception away) when (deployment.Store.IsOutage(away))
        {
            deployment.Log.LogWarning(
                away, "The database could not be asked for {Method} {Path}", http.Request.Method, http.Request.Path);
            await Problems.WriteAsync(http, new Refusal(RefusalCode.Overloaded,
                "The database cannot be reached right now; try again after the time in Retry-After."));
        }
        catch (Payments.PaymentProviderUnavailable refused) when (refused.RefusedCode is { } code)
        {
            deployment.Log.LogWarning(
                refused, "Stripe refused {Method} {Path}", http.Request.Method, http.Request.Path);
            await Problems.WriteAsync(http, Refusal.Invalid("payment_provider",
                $"The payment provider refused this request ({code}); check the owner's country and e-mail address."));
        }
        catch (Payments.PaymentProviderUnavailable away)
        {
            deployment.Log.LogWarning(away, "Stripe could not be reached for {Method} {Path}",
                http.Request.Method, http.Request.Path);
            await Problems.WriteAsync(http, new Refusal(RefusalCode.PaymentProviderUnavailable,
                "The payment provider cannot be reached right now; nothing was changed, try again shortly."));
        }
    }

    /// <summary>
    /// A parameter that the route does not know is refused like an unknown member of a body: who misspells a filter
    /// must not get the unfiltered list.
    /// </summary>
    private static Refusal? UnknownParameter(HttpRequest request, RouteFacts route)
    {
        if (!request.QueryString.HasValue) return null;
        foreach (string name in request.Query.Keys)
        {
            if (route.Query.Contains(name)) continue;
            string known = route.Query.Count == 0 ? "none" : string.Join(", ", route.Query);
            return Refusal.Invalid(name.Length is > 0 and <= 64 ? name : "query",
                $"There is no such query parameter here; {route.Method} {route.Path} takes: {known}.");
        }
        return null;
    }

    private static async Task WriteAsync(HttpContext http, Reply reply)
    {
        if (reply.Refusal is { } refusal)
        {
            await Problems.WriteAsync(http, refusal, reply.RetryAfterSeconds);
            return;
        }
        var response = http.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.Status >= StatusCodes.Status400BadRequest
            ? Problems.ContentType
            : "application/json; charset=utf-8";
        if (reply.IsReplay) response.Headers["Idempotent-Replayed"] = "true";
        response.ContentLength = reply.Body.Length;
        await response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }
}
