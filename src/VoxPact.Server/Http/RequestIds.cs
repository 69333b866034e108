using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>
/// Gives every answer a <c>Request-Id</c> of the server's own; what a client sends in that place is ignored.
/// </summary>
internal static class RequestIds
{
    /// <summary>The header's name.</summary>
    public const string Header = "Request-Id";

    private const string Prefix = "req";

    /// <summary>The id of this request, as the answer's header and the log show it.</summary>
    public static string Of(HttpContext http) => http.TraceIdentifier;

    /// <summary>
    /// Comes first in the pipeline, so that refusals of everything after it carry the id too.
    /// </summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app, TimeProvider clock) =>
        app.Use(next => http =>
        {
            long nowUs = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            http.TraceIdentifier = Id.Format(Prefix, Id.New(nowUs));
            Stamp(http);
            return next(http);
        });

    /// <summary>Puts the id back after an answer was cleared.</summary>
    public static void Stamp(HttpContext http) => http.Response.Headers[Header] = http.TraceIdentifier;
}
