using System.Net;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>A name server that answers otherwise each time: what was saved in good faith is judged at every dial.</summary>
public sealed class RebindingTests
{
    private static readonly string[] s_secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("127.0.0.1 10.0.0.1")]
    public async Task A_name_that_turns_to_a_private_address_is_not_dialled_there(string later)
    {
        await using var canary = new RawEndpoint(RawEndpoint.Status(200));
        int lookups = 0;
        ResolveHost rebind = (_, _) => Task.FromResult(Interlocked.Increment(ref lookups) == 1
            ? [IPAddress.Loopback]
            : later.Split(' ').Select(IPAddress.Parse).ToArray());
        string url = $"http://rebind.localhost:{new Uri(canary.Url).Port}/";
        Assert.IsType<DeliveryOutcome.Delivered>(await SendAsync(rebind, url, isSandbox: true));
        // Another connection asks again, and every address of the answer must be allowed.
        var failed = Assert.IsType<DeliveryOutcome.Failed>(await SendAsync(rebind, url, isSandbox: true));
        Assert.Contains("not on the public Internet", failed.Why);
        Assert.Equal((1, 2), (canary.Hits, lookups));
    }

    [Fact]
    public async Task A_public_name_that_turns_to_loopback_is_not_dialled_there_outside_the_sandbox()
    {
        ResolveHost rebind = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);
        var guard = new AddressGuard(new AddressGuard.Options(AllowLoopback: false), rebind);
        Assert.Null(guard.Check("https://rebind.example.com/"));
        var failed = Assert.IsType<DeliveryOutcome.Failed>(
            await SendAsync(rebind, "https://rebind.example.com/", isSandbox: false));
        Assert.Contains("not on the public Internet", failed.Why);
    }

    private static async Task<DeliveryOutcome> SendAsync(ResolveHost resolve, string url, bool isSandbox)
    {
        using var sender = new WebhookSender(
            new AddressGuard(new AddressGuard.Options(isSandbox), resolve), TimeProvider.System);
        return await sender.SendAsync(
            Guid.Empty, url, s_secrets, "evt_1", "{}"u8.ToArray(), TestContext.Current.CancellationToken);
    }
}
