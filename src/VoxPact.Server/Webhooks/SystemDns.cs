using System.Net;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// The system's resolver. On Linux a look-up blocks a thread of the pool until it ends, cancelled or not, so
/// only a few run at once: name servers that never answer then cost their own endpoints time and the server
/// nothing.
/// </summary>
internal static class SystemDns
{
    private const int LookupsMax = 32;
    private static readonly SemaphoreSlim Lookups = new(LookupsMax);

    public static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken stop)
    {
        await Lookups.WaitAsync(stop);
        return await LookupAsync(host).WaitAsync(stop);
    }

    private static async Task<IPAddress[]> LookupAsync(string host)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host);
        }
        finally
        {
            Lookups.Release();
        }
    }
}
