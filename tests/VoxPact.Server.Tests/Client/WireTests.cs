using System.Text.Json;
using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.Client;

public sealed class WireTests
{
    private static T Read<T>(string json) =>
        (T)JsonSerializer.Deserialize(json, VoxPactJson.Wire.GetTypeInfo(typeof(T))!)!;

    private static string Write<T>(T value) =>
        JsonSerializer.Serialize(value, VoxPactJson.Wire.GetTypeInfo(typeof(T))!);

    [Theory]
    [InlineData("0.10", "0.10")]
    [InlineData("0.1", "0.1")]
    [InlineData("5", "5")]
    [InlineData("-0.10", "-0.10")]
    [InlineData("0.000000001", "0.000000001")]
    [InlineData("123456789012345678", "123456789012345678")]
    [InlineData("1234567890123456.78", "1234567890123456.78")]
    public void An_amount_keeps_the_text_it_came_in(string text, string expected)
    {
        Pricing pricing = Read<Pricing>($$"""{"per_job":{{text}}}""");
        Assert.Equal($$"""{"per_job":{{expected}}}""", Write(pricing));
    }

    [Theory]
    [InlineData("1e-9")]
    [InlineData("1E2")]
    [InlineData("\"0.10\"")]
    [InlineData("1234567890123456789")]
    [InlineData("0.1234567890123456789012345678901234567890")]
    [InlineData("10000000000000000000000000000")]
    [InlineData("NaN")]
    [InlineData("01")]
    [InlineData("[1]")]
    [InlineData("true")]
    public void An_amount_in_any_other_form_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => Read<Pricing>($$"""{"per_job":{{text}}}"""));

    [Theory]
    [InlineData("2026-01-31T09:00:00Z", "2026-01-31T09:00:00.000Z")]
    [InlineData("2026-01-31T09:00:00.5Z", "2026-01-31T09:00:00.500Z")]
    [InlineData("2026-01-31T09:00:00.1234567+02:00", "2026-01-31T07:00:00.123Z")]
    public void A_time_is_written_in_UTC_with_milliseconds(string text, string expected)
    {
        ClockResource clock = Read<ClockResource>($$"""{"now":"{{text}}","offset_seconds":0}""");
        Assert.Equal($$"""{"now":"{{expected}}","offset_seconds":0}""", Write(clock));
    }

    [Theory]
    [InlineData("2026-01-31T09:00:00")]
    [InlineData("2026-01-31")]
    [InlineData("2026-13-31T09:00:00Z")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("tomorrow")]
    [InlineData("")]
    public void A_time_without_an_offset_or_out_of_range_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(
            () => Read<ClockResource>($$"""{"now":"{{text}}","offset_seconds":0}"""));

    [Fact]
    public void A_change_tells_absent_from_null()
    {
        var change = Read<UpdateAgentRequest>("""{"webhook_url":null,"pricing":{"per_job":5.50}}""");
        Assert.Equal(new Optional<string?>(true, null), change.WebhookUrl);
        Assert.False(change.Description.IsSet);
        Assert.False(change.RateCard.IsSet);
        Assert.Equal(5.50m, change.Pricing.Or(null)?.PerJob);
        Assert.Equal("""{"webhook_url":null,"pricing":{"per_job":5.50}}""", Write(change));
    }

    [Theory]
    [InlineData("""{"per_job":1,"per_hour":2}""")]
    [InlineData("""{"per_job":1,"per_job":1}""")]
    [InlineData("""{"Per_Job":1}""")]
    public void A_request_knows_its_members_and_takes_each_once(string json) =>
        Assert.ThrowsAny<JsonException>(() => Read<Pricing>(json));

    [Fact]
    public void Duplicates_are_refused_inside_free_objects_too() => Assert.ThrowsAny<JsonException>(
        () => Read<SubmitRequest>("""{"deliverable":{"a":1,"a":2}}"""));

    [Fact]
    public void An_answer_may_gain_members() => Assert.Equal("ok", Read<Envelope<Health>>(
        """{"success":true,"data":{"status":"ok","since":1},"trace":"x"}""").Data.Status);

    [Fact]
    public void Required_members_and_nulls_are_minded()
    {
        Assert.ThrowsAny<JsonException>(() => Read<DisputeJobRequest>("{}"));
        Assert.ThrowsAny<JsonException>(() => Read<DisputeJobRequest>("""{"reason":null}"""));
        Assert.Null(Read<CancelJobRequest>("{}").Reason);
    }

    [Fact]
    public void Lists_and_top_level_answers_have_the_shape_of_the_reference()
    {
        Assert.Equal("""{"success":true,"data":[],"next_cursor":null}""",
            Write(new Page<JobResource> { Data = [] }));
        Assert.Equal("""{"success":true,"client_secret":"seti_1ABC...secret_xyz"}""",
            Write(new SetupIntentCreated { ClientSecret = "seti_1ABC...secret_xyz" }));
        Assert.Equal(
            """{"success":true,"connected":false,"payouts_enabled":false,"stripe_account_id":null}""",
            Write(new ConnectStatus { Connected = false, PayoutsEnabled = false }));
        Assert.Equal("""{"success":true,"data":{"api_key":"a+b'ü"}}""",
            Write(new Envelope<RotatedKey> { Data = new() { ApiKey = "a+b'ü" } }));
    }
}
