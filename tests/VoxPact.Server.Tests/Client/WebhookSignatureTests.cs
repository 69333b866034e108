using System.Text;
using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.Client;

public sealed class WebhookSignatureTests
{
    // The test vector that the Standard Webhooks libraries publish.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string MessageId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();
    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Fact]
    public void The_published_vector_is_signed_and_verified()
    {
        Assert.Equal(Signature, WebhookSignature.Sign(Secret, MessageId, SentAt, Body));
        Assert.True(WebhookSignature.Verify(Secret, MessageId, Timestamp, Signature, Body, SentAt));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void A_message_is_good_for_five_minutes_in_either_direction(int seconds, bool good) =>
        Assert.Equal(good, WebhookSignature.Verify(
            Secret, MessageId, Timestamp, Signature, Body, SentAt.AddSeconds(seconds)));

    [Theory]
    [InlineData(null, Timestamp, Signature)]
    [InlineData("", Timestamp, Signature)]
    [InlineData("msg_other", Timestamp, Signature)]
    [InlineData(MessageId, null, Signature)]
    [InlineData(MessageId, "1614265331", Signature)]
    [InlineData(MessageId, " 1614265330", Signature)]
    [InlineData(MessageId, "-1", Signature)]
    [InlineData(MessageId, "99999999999999999999999", Signature)]
    [InlineData(MessageId, "9223372036854775807", Signature)]
    [InlineData(MessageId, Timestamp, null)]
    [InlineData(MessageId, Timestamp, "")]
    [InlineData(MessageId, Timestamp, "v1,")]
    [InlineData(MessageId, Timestamp, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData(MessageId, Timestamp, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData(MessageId, Timestamp, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=")]
    [InlineData(MessageId, Timestamp, "v1,not base64 at all")]
    public void Anything_else_is_not_good(string? id, string? timestamp, string? signatures) =>
        Assert.False(WebhookSignature.Verify(Secret, id, timestamp, signatures, Body, SentAt));

    [Fact]
    public void Every_changed_byte_of_the_body_spoils_the_signature()
    {
        for (int i = 0; i < Body.Length; i++)
        {
            byte[] changed = [.. Body];
            changed[i] ^= 1;
            Assert.False(WebhookSignature.Verify(Secret, MessageId, Timestamp, Signature, changed, SentAt));
        }
    }

    [Fact]
    public void During_a_rotation_either_secret_verifies()
    {
        string other = WebhookSignature.FormatSecret(new byte[32]);
        string both = WebhookSignature.Sign([other, Secret], MessageId, SentAt, Body);
        Assert.Equal(2, both.Split(' ').Length);
        Assert.True(WebhookSignature.Verify(Secret, MessageId, Timestamp, both, Body, SentAt));
        Assert.True(WebhookSignature.Verify(other, MessageId, Timestamp, both, Body, SentAt));
        string third = WebhookSignature.FormatSecret(Encoding.UTF8.GetBytes("a third key of enough bytes"));
        Assert.False(WebhookSignature.Verify(third, MessageId, Timestamp, both, Body, SentAt));
    }

    [Fact]
    public void Open_gives_the_event_only_when_it_is_signed_and_whole()
    {
        byte[] body = """
            {"id":"evt_1","type":"job.created","created_at":"2026-01-31T09:00:00.000Z",
             "sequence":1,"data":{"a":1}}
            """u8.ToArray();
        string signature = WebhookSignature.Sign(Secret, "evt_1", SentAt, body);
        WebhookEvent? e = WebhookSignature.Open(Secret, "evt_1", Timestamp, signature, body, SentAt);
        Assert.Equal("job.created", e?.Type);
        Assert.Equal(1, e?.Data.GetProperty("a").GetInt32());
        Assert.Null(WebhookSignature.Open(Secret, "evt_2", Timestamp, signature, body, SentAt));
        Assert.Null(WebhookSignature.Open(Secret, MessageId, Timestamp, Signature, Body, SentAt));
    }
}
