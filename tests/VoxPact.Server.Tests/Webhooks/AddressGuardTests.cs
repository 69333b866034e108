using System.Net;
using System.Text;
using VoxPact.Domain;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

public sealed class AddressGuardTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly string[] Secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];
    private static readonly byte[] Body = "{}"u8.ToArray();

    // Every name leads to this machine or to another address that is not public, so that whatever gets past
    // the first check would be counted by the canary or must be stopped by the second.
    private static readonly FixedDns Rebinding = new("""
        agent.example.com          127.0.0.1
        localtest.rebind.example   127.0.0.1
        127.0.0.1.nip.example      127.0.0.1
        7f000001.nip.example       127.0.0.1
        a.127.0.0.1.1time.nip.example 127.0.0.1
        0x7f000001.nip.example     127.0.0.1
        xn--mixed-rebind.example   127.0.0.1 ::1
        localhost                  127.0.0.1 ::1
        localhost.localdomain      127.0.0.1
        six.rebind.example         ::1
        mapped.rebind.example      ::ffff:127.0.0.1
        compatible.rebind.example  ::127.0.0.1
        nat64.rebind.example       64:ff9b::7f00:1
        sixtofour.rebind.example   2002:7f00:1::
        zero.rebind.example        0.0.0.0
        zero6.rebind.example       ::
        metadata.rebind.example    169.254.169.254
        private.rebind.example     10.0.0.1 172.16.0.1 192.168.0.1
        mixed.rebind.example       127.0.0.1 93.184.215.14
        mixed6.rebind.example      ::1 2606:4700:4700::1111
        last.rebind.example        93.184.215.14 2606:4700:4700::1111 1.1.1.1 127.0.0.1
        linklocal.rebind.example   fe80::1
        unique.rebind.example      fd00::1
        nothing.rebind.example
        """);

    [Fact]
    public async Task No_hostile_url_reaches_the_canary()
    {
        Assert.True(HostileUrls.All.Count >= 200, $"{HostileUrls.All.Count} URLs are too few");
        await using var canary = new RawEndpoint(RawEndpoint.Status(200));
        string[] urls = [.. HostileUrls.All.Select(url => url.Replace("PORT", $"{canary.Port}"))];

        using var live = new WebhookSender(
            LiveOn(canary.Port), TimeProvider.System, new() { Timeout = TimeSpan.FromSeconds(1) });
        foreach (string url in urls)
            Assert.IsType<DeliveryOutcome.Failed>(await live.SendAsync(Guid.Empty, url, Secrets, "evt_1", Body, Stop));
        Assert.Equal(0, canary.Hits);

        // The canary can sing: the same listener counts a delivery that the sandbox's rules allow.
        using var sandbox = new WebhookSender(Sandbox(), TimeProvider.System);
        Assert.IsType<DeliveryOutcome.Delivered>(
            await sandbox.SendAsync(Guid.Empty, canary.Url, Secrets, "evt_1", Body, Stop));
        Assert.Equal(1, canary.Hits);
    }

    [Fact]
    public void Every_hostile_url_that_needs_no_dns_is_refused_when_it_is_saved()
    {
        AddressGuard guard = LiveOn(4444);
        IEnumerable<string> urls = HostileUrls.All.Select(url => url.Replace("PORT", "4444"));
        string[] saved = [.. urls.Where(url => guard.Check(url) is null)];
        string[] stoppedAtTheDial = ["rebind.example", "nip.example", "localhost.localdomain"];
        Assert.All(saved, url => Assert.Contains(stoppedAtTheDial, name => url.Contains(name)));
    }

    [Theory]
    [InlineData("https://agent.example.com/hooks")]
    [InlineData("https://agent.example.com")]
    [InlineData("HTTPS://Agent.Example.COM:443/hooks?key=a@b")]
    [InlineData("https://agent.example.com:8443/a%20b/c")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://a_b.example.com/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://172.32.0.1/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    public void A_public_https_url_may_be_saved(string url)
    {
        Assert.Null(new AddressGuard(new(AllowLoopback: false)).Check(url));
        Assert.Null(new AddressGuard(new(AllowLoopback: true)).Check(url));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000/hooks")]
    [InlineData("http://localhost:8080/")]
    [InlineData("http://worker.localhost:1/")]
    [InlineData("http://[::1]:65535/")]
    [InlineData("https://127.9.9.9/")]
    public void Loopback_may_be_saved_in_the_sandbox_only(string url)
    {
        Assert.NotNull(new AddressGuard(new(AllowLoopback: false)).Check(url));
        Assert.Null(new AddressGuard(new(AllowLoopback: true)).Check(url));
    }

    [Theory]
    [InlineData("http://agent.example.com/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("https://192.168.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::ffff:127.0.0.1]:5000/")]
    [InlineData("http://0.0.0.0:5000/")]
    [InlineData("http://0x7f.1:5000/")]
    [InlineData("https://agent.example.com:9999/")]
    [InlineData("http://user@127.0.0.1:5000/")]
    [InlineData("http://127.0.0.1:5000/#x")]
    public void The_sandbox_opens_loopback_and_nothing_else(string url) =>
        Assert.NotNull(new AddressGuard(new(AllowLoopback: true)).Check(url));

    [Fact]
    public void A_url_that_is_too_long_is_refused_with_the_limit()
    {
        string longest = "https://agent.example.com/".PadRight(Limits.UrlChars, 'a');
        AddressGuard guard = new(new(AllowLoopback: false));
        Assert.Null(guard.Check(longest));
        Refusal refusal = Assert.IsType<Refusal>(guard.Check(longest + "a"));
        Assert.Equal(RefusalCode.ValidationFailed, refusal.Code);
        Assert.Contains("2048", Assert.Single(refusal.Errors!["webhook_url"]));
    }

    [Fact]
    public async Task A_name_with_one_forbidden_address_is_not_dialled_at_its_good_one()
    {
        await using var canary = new RawEndpoint(RawEndpoint.Status(200));
        var dns = new FixedDns("both.localhost  127.0.0.1 10.0.0.1");
        using var sender = new WebhookSender(Sandbox(dns), TimeProvider.System);
        DeliveryOutcome outcome = await sender.SendAsync(
            Guid.Empty, $"http://both.localhost:{canary.Port}/", Secrets, "evt_1", Body, Stop);
        Assert.Contains("not on the public Internet", Assert.IsType<DeliveryOutcome.Failed>(outcome).Why);
        Assert.Equal(0, canary.Hits);
    }

    [Fact]
    public async Task A_name_is_resolved_once_for_each_connection_and_the_judged_address_is_dialled()
    {
        await using var canary = new RawEndpoint(RawEndpoint.Status(200));
        var dns = new FixedDns("once.localhost  127.0.0.77");
        using var sender = new WebhookSender(Sandbox(dns), TimeProvider.System);
        string url = $"http://once.localhost:{canary.Port}/";
        for (int n = 1; n <= 3; n++)
        {
            Assert.IsType<DeliveryOutcome.Delivered>(
                await sender.SendAsync(Guid.Empty, url, Secrets, "evt_1", Body, Stop));
            Assert.Equal((n, n), (canary.Hits, dns.Lookups));
        }
        Assert.Equal($"once.localhost:{canary.Port}", canary.Requests[0].Headers["host"]);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("9.255.255.255", true)]
    [InlineData("11.0.0.0", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("100.128.0.0", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("192.0.1.0", true)]
    [InlineData("198.17.255.255", true)]
    [InlineData("198.20.0.0", true)]
    [InlineData("223.255.255.255", true)]
    [InlineData("2001:200::1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("2a00:1450:4001::200e", true)]
    [InlineData("2001:1ff::1", false)]
    [InlineData("2606:4700:4700::1111%2", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("64:ff9b::8.8.8.8", false)]
    [InlineData("1fff::1", false)]
    public void The_edges_of_the_ranges_are_exact(string address, bool isPublic) =>
        Assert.Equal(isPublic, SpecialAddresses.IsPublic(IPAddress.Parse(address)));

    private static AddressGuard LiveOn(int port) =>
        new(new(AllowLoopback: false) { Ports = new HashSet<int> { 443, port } }, Rebinding.Resolve);

    private static AddressGuard Sandbox(FixedDns? dns = null) => new(new(AllowLoopback: true), dns?.Resolve);
}
