using System.Net;
using System.Security.Cryptography;
using System.Text;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

public sealed class StripeSecretsTests
{
    private const string Body =
        """{"id":"evt_1","type":"account.updated","created":1,"livemode":false,"data":{"object":{"id":"acct_1"}}}""";

    [Fact]
    public async Task Each_of_several_endpoints_at_Stripe_has_its_own_secret()
    {
        await using var server = await TestServer.StartAsync(
            Databases.Sqlite, options => options with { StripeWebhookSecret = "whsec_one, whsec_two" });
        Assert.Equal(HttpStatusCode.OK, await SendAsync(server, "whsec_one"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(server, "whsec_two"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(server, "whsec_three"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(server, ""));
    }

    private static async Task<HttpStatusCode> SendAsync(TestServer server, string secret)
    {
        string time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString();
        byte[] mac =
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{Body}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/stripe")
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(
            "Stripe-Signature", $"t={time},v1={Convert.ToHexStringLower(mac)}");
        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
