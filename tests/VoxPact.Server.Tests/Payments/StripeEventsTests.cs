using System.Security.Cryptography;
using System.Text;
using Stripe;
using VoxPact.Server.Payments;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

public sealed class StripeEventsTests
{
    private const string Secret = "whsec_4x7HkVtQ8sYw2mZr";
    private const string Json = """
        {"id":"evt_1","object":"event","type":"setup_intent.succeeded","created":1760000000,"livemode":false,
         "api_version":"2024-01-01.other",
         "data":{"object":{"id":"seti_1","object":"setup_intent","description":"Zoë"}}}
        """;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_760_000_100);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(Json);

    [Fact]
    public void What_Stripe_signed_is_read_as_a_hint() =>
        Assert.Equal(
            new StripeEvent(
                "evt_1", "setup_intent.succeeded", "seti_1",
                DateTimeOffset.FromUnixTimeSeconds(1_760_000_000), LiveMode: false, Account: null),
            Parse(Body, Signed(Json)));

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void The_time_of_signing_may_be_off_by_five_minutes(int seconds, bool accepted) =>
        Assert.Equal(accepted, Parse(Body, Signed(Json, Now.ToUnixTimeSeconds() + seconds)) is not null);

    [Fact]
    public void While_a_secret_is_rolled_either_signature_will_do()
    {
        string old = EventUtility.GenerateSignatureHeader(Json, "whsec_old", Now.ToUnixTimeSeconds());
        string both = old + Signed(Json)[Signed(Json).IndexOf(',')..];
        Assert.NotNull(Parse(Body, both));
        Assert.Null(Parse(Body, old));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(",,,")]
    [InlineData("t=1760000100")]
    [InlineData("t=1760000100,v1=")]
    [InlineData("t=99999999999999999999,v1=aa")]
    [InlineData("t=-1,v1=aa")]
    [InlineData("v1=aa,t=")]
    public void A_header_that_is_no_signature_is_refused(string? header) => Assert.Null(Parse(Body, header));

    [Fact]
    public void The_older_scheme_is_not_accepted() =>
        Assert.Null(Parse(Body, Signed(Json).Replace("v1=", "v0=")));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"evt_1\"")]
    [InlineData("""{"id":1,"type":"a","created":1,"livemode":false}""")]
    [InlineData("""{"id":"evt_1","created":1,"livemode":false}""")]
    [InlineData("""{"id":"evt_1","type":"a","livemode":false}""")]
    [InlineData("""{"id":"evt_1","type":"a","created":"1","livemode":false}""")]
    [InlineData("""{"id":"evt_1","type":"a","created":1e300,"livemode":false}""")]
    [InlineData("""{"id":"evt_1","type":"a","created":9223372036854775807,"livemode":false}""")]
    [InlineData("""{"id":"evt_1","type":"a","created":1}""")]
    [InlineData("""{"id":"evt_1","type":"a","created":1,"livemode":"no"}""")]
    [InlineData("""{"id":"\ud800","type":"a","created":1,"livemode":false}""")]
    [InlineData("""{"id":"evt_1","type":"a","created":1,"livemode":false""")]
    public void A_signed_body_that_is_no_event_is_refused(string json) =>
        Assert.Null(Parse(Encoding.UTF8.GetBytes(json), Signed(json)));

    [Fact]
    public void An_event_of_a_connected_account_or_about_an_object_without_id_is_read()
    {
        const string balance = """
            {"id":"evt_2","type":"balance.available","created":1,"livemode":true,"account":"acct_1",
             "data":{"object":{"object":"balance"}}}
            """;
        var hint = Parse(Encoding.UTF8.GetBytes(balance), Signed(balance));
        Assert.Equal((null, "acct_1", true), (hint!.ObjectId, hint.Account, hint.LiveMode));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_verified_as_they_are()
    {
        byte[] raw = [.. "{\"id\":\"evt_1\""u8, 0xC3, 0x28, .. "}"u8];
        string header = Signed(Encoding.UTF8.GetString(raw));
        Assert.Null(Parse(raw, header));
    }

    [Fact]
    public void No_change_of_body_signature_or_secret_is_accepted()
    {
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        var random = new Random(seed);
        byte[] header = Encoding.ASCII.GetBytes(Signed(Json));
        for (int n = 0; n < 10_000; n++)
        {
            byte[] body = [.. Body], signature = [.. header];
            byte[] target = random.Next(2) == 0 ? body : signature;
            int at = random.Next(target.Length);
            target[at] ^= (byte)(1 << random.Next(8));
            var accepted = Parse(body, Encoding.Latin1.GetString(signature));
            Assert.True(accepted is null, $"seed {seed}, round {n}, byte {at}");
        }
    }

    private static StripeEvent? Parse(byte[] body, string? header) =>
        StripeEvents.TryParse(body, header, Secret, StripeEvents.Tolerance, Now);

    private static string Signed(string json, long? at = null) =>
        EventUtility.GenerateSignatureHeader(json, Secret, at ?? Now.ToUnixTimeSeconds());
}
