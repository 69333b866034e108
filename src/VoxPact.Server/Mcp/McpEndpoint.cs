using System.Net;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Http;

namespace VoxPact.Server.Mcp;

/// <summary>This server, as its own client reaches it.</summary>
internal sealed class OwnApi(string url) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        BaseAddress = new Uri(url),
    };

    /// <summary>A client with the credential that a request came with, or with none.</summary>
    public VoxPactClient For(HttpContext http) => new(_http, Credentials.Read(http.Request).Credential?.Key)
    {
        MaxAttempts = 1,
    };

    public void Dispose() => _http.Dispose();
}

/// <summary>The Model Context Protocol at <c>/mcp</c>: stateless, over plain HTTP requests.</summary>
internal static class McpEndpoint
{
    public const string Path = "/mcp";

    public static void Add(IServiceCollection services, ServerOptions options)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton(new OwnApi(Sandbox.LocalUrl(options.Urls)));
        services.AddMcpServer(server => server.ServerInfo = new()
        {
            Name = "voxpact",
            Version = Platform.GetPlatform.Version,
        }).WithHttpTransport(transport => transport.Stateless = true).WithTools<MarketTools>()
            .WithRequestFilters(filters => filters.AddCallToolFilter(ToolArguments.Check));
    }

    public static void Map(WebApplication app, Deployment deployment)
    {
        string own = new Uri(deployment.PublicUrl).Host;
        // A page in somebody's browser must not reach this through a name that it pointed at this machine.
        app.Use((http, next) => http.Request.Path.StartsWithSegments(Path) && !IsOurs(http.Request, own)
            ? Problems.WriteAsync(http, Refusal.Forbidden(
                "This Host or Origin is not this server's; call it by its public URL, and not from a web page."))
            : next(http));
        app.MapMcp(Path).ExcludeFromDescription();
    }

    private static bool IsOurs(HttpRequest request, string own)
    {
        if (!IsName(request.Host.Host, own)) return false;
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && IsName(from.Host, own));
    }

    private static bool IsName(string host, string own) =>
        host.Equals(own, StringComparison.OrdinalIgnoreCase)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
