using Scalar.AspNetCore;

namespace VoxPact.Server.Http;

/// <summary>
/// The OpenAPI 3.1 document at <c>/openapi.json</c>, made from the routes, and a page to read it at
/// <c>/docs</c>.
/// </summary>
internal static class OpenApi
{
    // Readers paste keys into this page: it can talk to this server and to nobody else.
    private const string Policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' "
        + "'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri "
        + "'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(WebApplication app, Deployment deployment)
    {
        // Written when it is first asked for: a start need not wait for it, and by then every route is there.
        var document = new Lazy<byte[]>(() => ApiDocument.Write(RoutesOf(app), deployment));
        app.MapGet("/openapi.json", () => Results.Bytes(document.Value, "application/json; charset=utf-8"));
        app.MapScalarApiReference("/docs", options => options
                .WithTitle("VoxPact API").AddDocument("v1", "VoxPact API", "/openapi.json")
                .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools())
            .AddEndpointFilter(async (context, next) =>
            {
                context.HttpContext.Response.Headers.ContentSecurityPolicy = Policy;
                return await next(context);
            });
    }

    private static IEnumerable<RouteFacts> RoutesOf(IEndpointRouteBuilder app) => app.DataSources
        .SelectMany(source => source.Endpoints).Select(endpoint => endpoint.Metadata.GetMetadata<RouteFacts>())
        .OfType<RouteFacts>();
}
