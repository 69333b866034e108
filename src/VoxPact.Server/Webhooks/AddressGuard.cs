using System.Net;
using System.Net.Sockets;
using VoxPact.Domain;

namespace VoxPact.Server.Webhooks;

/// <summary>Turns a host name into addresses; the system's DNS unless a test brings a table.</summary>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken stop);

/// <summary>
/// Where webhooks may go. <see cref="Check"/> judges the URL when it is saved, <see cref="ConnectAsync"/> the
/// addresses when it is dialled: each name is resolved once per connection, every address it has must be
/// allowed, and the connection goes to one of exactly those. <c>AllowLoopback</c> (sandbox mode) lets
/// loopback in, with http and any port, and nothing else.
/// </summary>
internal sealed class AddressGuard(AddressGuard.Options options, ResolveHost? resolve = null)
{
    internal sealed record Options(bool AllowLoopback)
    {
        public IReadOnlySet<int> Ports { get; init; } = new HashSet<int> { 443, 8443 };
    }

    // Names that never belong to a public service: RFC 6761, 6762, 7686, 8375, 9476 and ICANN's private-use
    // TLD.
    private static readonly string[] PrivateSuffixes =
        [".localhost", ".local", ".internal", ".home.arpa", ".onion", ".alt", ".invalid"];

    private const int DialledAddressesMax = 8;

    private readonly ResolveHost _resolve = resolve ?? SystemDns.ResolveAsync;

    /// <summary>
    /// Null when the URL may be saved; otherwise a refusal whose sentence says what to change.
    /// </summary>
    public Refusal? Check(string url)
    {
        string? sentence = Complaint(url);
        return sentence is null ? null : Refusal.Invalid("webhook_url", sentence);
    }

    private string? Complaint(string url)
    {
        if (url.Length > Limits.UrlChars)
            return $"webhook_url is too long; use at most {Limits.UrlChars} characters.";
        // Letters that merely look like ASCII become other hosts on the way through IDN, so none are taken.
        if (url.AsSpan().ContainsAnyExceptInRange('!', '~') || url.Contains('\\'))
            return "webhook_url must be plain ASCII without spaces or backslashes; "
                + "write an international host in its xn-- form and percent-encode the rest.";
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || !IsHttp(uri, url) || uri.Port == 0)
            return "webhook_url must be an absolute URL such as https://agent.example.com/hooks.";
        string authority = Authority(url);
        if (authority.Contains('@'))
            return "webhook_url must not carry a user name or password; deliveries are signed instead.";
        if (url.Contains('#'))
            return "webhook_url must not have a fragment; remove the # and what follows it.";
        // Octal, hexadecimal and shortened addresses mean different hosts to different programs.
        if (uri.HostNameType == UriHostNameType.IPv4 && authority.Split(':')[0] != uri.Host)
            return $"webhook_url must write its address in the usual way, as {uri.Host}.";
        if (options.AllowLoopback && NamesLoopback(uri)) return null;
        return SchemeOrPort(uri) ?? Host(uri);
    }

    private static bool IsHttp(Uri uri, string url) =>
        uri.Scheme is "http" or "https"
        && url.StartsWith(uri.Scheme + "://", StringComparison.OrdinalIgnoreCase);

    private static string Authority(string url)
    {
        string rest = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int end = rest.AsSpan().IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }

    private static bool NamesLoopback(Uri uri) =>
        IPAddress.TryParse(uri.IdnHost, out IPAddress? address)
            ? SpecialAddresses.IsLoopback(address)
            : uri.IdnHost == "localhost" || uri.IdnHost.EndsWith(".localhost", StringComparison.Ordinal);

    private string? SchemeOrPort(Uri uri)
    {
        string loopback = options.AllowLoopback ? ", or name this machine as localhost" : "";
        if (uri.Scheme != "https") return $"webhook_url must start with https://{loopback}.";
        return options.Ports.Contains(uri.Port) ? null
            : $"webhook_url must use port {string.Join(" or ", options.Ports.Order())}{loopback}.";
    }

    private static string? Host(Uri uri)
    {
        const string NotPublic =
            "webhook_url must name a host on the public Internet; private and special addresses are refused.";
        string host = uri.IdnHost;
        if (host.EndsWith('.')) return "webhook_url must not end its host with a dot; remove the dot.";
        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
        {
            bool isPublic = IPAddress.TryParse(host, out IPAddress? ip) && SpecialAddresses.IsPublic(ip);
            return isPublic ? null : NotPublic;
        }
        int lastDot = host.LastIndexOf('.');
        // No top-level domain starts with a digit; what does is an address that resolvers read differently.
        if (uri.HostNameType != UriHostNameType.Dns || lastDot < 1 || char.IsAsciiDigit(host[lastDot + 1]))
            return "webhook_url must name its host in full, such as agent.example.com.";
        return PrivateSuffixes.Any(suffix => host.EndsWith(suffix, StringComparison.Ordinal))
            ? NotPublic : null;
    }

    /// <summary>
    /// For <see cref="SocketsHttpHandler.ConnectCallback"/>: resolves once, judges all, dials what was
    /// judged.
    /// </summary>
    /// <exception cref="AddressRefusedException">An address is not allowed; nothing was dialled.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        DnsEndPoint target = context.DnsEndPoint;
        bool secure = context.InitialRequestMessage.RequestUri?.Scheme == "https"
            && options.Ports.Contains(target.Port);
        IPAddress[] addresses = IPAddress.TryParse(target.Host, out IPAddress? literal)
            ? [literal]
            : await _resolve(target.Host, stop);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        if (!addresses.All(address => MayDial(address, secure))) throw new AddressRefusedException();
        return await DialAsync(addresses, target.Port, stop);
    }

    private bool MayDial(IPAddress address, bool secure) =>
        (options.AllowLoopback && SpecialAddresses.IsLoopback(address))
        || (secure && SpecialAddresses.IsPublic(address));

    private static async Task<Stream> DialAsync(IPAddress[] addresses, int port, CancellationToken stop)
    {
        SocketException? last = null;
        foreach (IPAddress address in addresses.Take(DialledAddressesMax))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.NoDelay = true;
                await socket.ConnectAsync(new IPEndPoint(address, port), stop);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last!;
    }
}

/// <summary>
/// The host has an address that webhooks may not reach. The address itself is not told: it may be internal.
/// </summary>
internal sealed class AddressRefusedException()
    : IOException("The host resolves to an address that is not allowed.");
