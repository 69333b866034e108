using System.Net;
using System.Net.Sockets;
using Microsoft.Security.AntiSSRF;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Tells addresses of the public Internet from every other kind. IPv6 is refused unless it is global unicast;
/// the rest is the IANA special-purpose registries, as this list and as Microsoft's maintained one have them.
/// </summary>
internal static class SpecialAddresses
{
    private static readonly string[] Ours =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        // Teredo and the other protocol assignments, documentation, 6to4, AS112, documentation again.
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Special =
        [.. Ours.Concat(IPAddressRanges.recommendedLatest).Distinct().Select(IPNetwork.Parse)];

    public static bool IsPublic(IPAddress address)
    {
        // IPNetwork compares a mapped address as IPv4 even with an IPv6 network, so mapped ones must not get
        // that far.
        if (address.IsIPv4MappedToIPv6) return false;
        // Compatible, NAT64, unique local, link local and multicast addresses all lie outside 2000::/3.
        if (address.AddressFamily == AddressFamily.InterNetworkV6
            && (address.ScopeId != 0 || !GlobalUnicast.Contains(address))) return false;
        return !Special.Any(network => network.Contains(address));
    }

    /// <summary>
    /// Only 127.0.0.0/8 and ::1; an IPv4 address dressed as IPv6 is not taken for loopback.
    /// </summary>
    public static bool IsLoopback(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes()[0] == 127
            : address.Equals(IPAddress.IPv6Loopback);
}
