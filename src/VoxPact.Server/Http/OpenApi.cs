using Scalar.AspNetCore;

namespace VoxPact.Server.Http;

/// <summary>
/// The OpenAPI 3.1 document at <c>/openapi.json</c>, made from the routes, and a page to read it at
/// <c>/docs</c>.
/// </summary>
internal static class OpenApi
{
    public static void AddTo(IServiceCollection services) => services.AddOpenApi("v1");

    public static void Map(WebApplication app)
    {
        app.MapOpenApi("/openapi.json");
        app.MapScalarApiReference("/docs", options => options.WithOpenApiRoutePattern("/openapi.json"));
    }
}
