using Microsoft.AspNetCore.Connections;
using VoxPact.Domain;
using VoxPact.Server.Work;

namespace VoxPact.Server.Http;

/// <summary>
/// The outer wall of the pipeline: whatever happens behind it, the client gets one well-formed answer.
/// Nothing that a client sends may reach the branch that answers 500.
/// </summary>
internal static partial class Barrier
{
    private const int PathChars = 2_048;
    private const string Methods = "GET, POST, PATCH, DELETE";

    /// <summary>Comes right after <see cref="RequestIds.UseRequestIds"/>.</summary>
    public static IApplicationBuilder UseBarrier(this IApplicationBuilder app, ILogger log) =>
        app.Use(next => http => Odd(http.Request) is { } odd
            ? RefuseAsync(http, odd)
            : GuardAsync(http, next, log));

    private static Task RefuseAsync(HttpContext http, Refusal odd)
    {
        if (odd.Code == RefusalCode.MethodNotAllowed) http.Response.Headers.Allow = Methods;
        return Problems.WriteAsync(http, odd);
    }

    private static async Task GuardAsync(HttpContext http, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, ContentType: null, ContentLength: null })
                await Problems.WriteBareStatusAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: there is nobody to answer.
        }
        catch (BadHttpRequestException broken)
        {
            if (Clear(http)) await Problems.WriteAsync(http, broken);
        }
        catch (ConnectionResetException)
        {
            // As above, seen from the socket.
        }
        catch (WorkRefused away) when (away.Refusal.Code is RefusalCode.Overloaded)
        {
            // What the platform had to write for this request could not be written: it can be sent again.
            if (Clear(http)) await Problems.WriteAsync(http, away.Refusal);
        }
        catch (Exception bug)
        {
            Failed(log, RequestIds.Of(http), http.Request.Method, http.Request.Path, bug);
            if (Clear(http)) await Problems.WriteInternalErrorAsync(http);
        }
    }

    // Half an answer cannot be taken back: breaking the connection tells the client that it is not whole.
    private static bool Clear(HttpContext http)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return false;
        }
        http.Response.Clear();
        RequestIds.Stamp(http);
        return true;
    }

    private static Refusal? Odd(HttpRequest request)
    {
        if (!IsKnown(request.Method)) return Problems.MethodNotAllowed;
        string path = request.Path.Value ?? "";
        if (path.Length > PathChars) return Refusal.NotFound;
        foreach (char c in path)
            if (char.IsControl(c) || char.IsSurrogate(c) || c is '\\' or '\uFFFD') return Refusal.NotFound;
        return null;
    }

    private static bool IsKnown(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method)
        || HttpMethods.IsPatch(method) || HttpMethods.IsDelete(method) || HttpMethods.IsPut(method)
        || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed: {Method} {Path}")]
    private static partial void Failed(
        ILogger log, string requestId, string method, string path, Exception bug);
}
