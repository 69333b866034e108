using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using CsCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Http;
using Xunit;

namespace VoxPact.Server.Tests.Http;

public sealed class StrictBodyTests
{
    private const int MaxBytes = 1_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<LoopbackApp> StartAsync() => LoopbackApp.StartAsync(
        app =>
        {
            app.UseRequestIds(TimeProvider.System);
            app.UseBarrier(NullLogger.Instance);
            app.MapPost("/dispute", http => AnswerAsync(http, VoxPactJson.Wire.DisputeJobRequest, false));
            app.MapPost("/cancel", http => AnswerAsync(http, VoxPactJson.Wire.CancelJobRequest, true));
        },
        builder => builder.WebHost.ConfigureKestrel(KestrelLimits.Apply));

    private static async Task AnswerAsync<T>(
        HttpContext http, JsonTypeInfo<T> type, bool optional) where T : class
    {
        (T? value, byte[] hash, Refusal? refusal) =
            await StrictBody.ReadAsync(http, type, MaxBytes, optional);
        if (refusal is not null) await Problems.WriteAsync(http, refusal);
        else await http.Response.WriteAsync(
            $"{(object?)value ?? "nothing"} {Convert.ToHexStringLower(hash)}");
    }

    private static async Task<HttpResponseMessage> PostAsync(
        LoopbackApp app, string path, HttpContent? content, string? contentType, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (chunked) request.Headers.TransferEncodingChunked = true;
        content?.Headers.Remove("Content-Type");
        if (contentType is not null) content?.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await app.Client.SendAsync(request, Stop);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"UTF-8\"; profile=x")]
    public async Task JSON_in_UTF8_is_read_and_hashed_however_its_type_is_spelled(string contentType)
    {
        byte[] body = """{"reason":"Ünfinished"}"""u8.ToArray();
        await using LoopbackApp app = await StartAsync();
        foreach (bool chunked in new[] { false, true })
        {
            using HttpResponseMessage response = await PostAsync(
                app, "/dispute", new ByteArrayContent(body), contentType, chunked);
            string answer = await response.Content.ReadAsStringAsync(Stop);
            Assert.Contains("Ünfinished", answer);
            Assert.EndsWith(Convert.ToHexStringLower(SHA256.HashData(body)), answer);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"latin1\"")]
    [InlineData("application/json; charset=\"")]
    [InlineData("application/json, text/plain")]
    [InlineData("json")]
    [InlineData(";;;")]
    public async Task Any_other_type_is_a_415(string? contentType)
    {
        await using LoopbackApp app = await StartAsync();
        using HttpResponseMessage response = await PostAsync(
            app, "/dispute", new StringContent("""{"reason":"x"}"""), contentType);
        await Answers.ReadProblemAsync(response, 415, "unsupported_media_type");
    }

    [Fact]
    public async Task A_compressed_body_is_a_415()
    {
        await using LoopbackApp app = await StartAsync();
        var content = new StringContent("""{"reason":"x"}""");
        content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage response = await PostAsync(app, "/dispute", content, "application/json");
        await Answers.ReadProblemAsync(response, 415, "unsupported_media_type");
    }

    [Theory]
    [InlineData(987, false, 200)]
    [InlineData(988, false, 413)]
    [InlineData(987, true, 200)]
    [InlineData(988, true, 413)]
    [InlineData(5_000_000, false, 413)]
    [InlineData(5_000_000, true, 413)]
    public async Task The_size_is_bounded_to_the_byte(int reasonBytes, bool chunked, int status)
    {
        await using LoopbackApp app = await StartAsync();
        app.Client.DefaultRequestHeaders.ExpectContinue = reasonBytes > 100_000;
        var content = new StringContent($$"""{"reason":"{{new string('x', reasonBytes)}}"}""");
        using HttpResponseMessage response =
            await PostAsync(app, "/dispute", content, "application/json", chunked);
        if (status == 413) await Answers.ReadProblemAsync(response, 413, "payload_too_large");
        else Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_optional_body_may_be_left_out_and_a_required_one_may_not()
    {
        await using LoopbackApp app = await StartAsync();
        using HttpResponseMessage none = await PostAsync(app, "/cancel", null, null);
        Assert.StartsWith("nothing", await none.Content.ReadAsStringAsync(Stop));
        using HttpResponseMessage empty =
            await PostAsync(app, "/cancel", new ByteArrayContent([]), null, chunked: true);
        await Answers.ReadProblemAsync(empty, 415, "unsupported_media_type");
        using HttpResponseMessage given = await PostAsync(
            app, "/cancel", new StringContent("""{"reason":"r"}"""), "application/json");
        Assert.Contains("Reason = r", await given.Content.ReadAsStringAsync(Stop));
        using HttpResponseMessage required = await PostAsync(
            app, "/dispute", new ByteArrayContent([]), "application/json");
        await Answers.ReadProblemAsync(required, 400, "malformed_json");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"reason\"")]
    [InlineData("{")]
    [InlineData("{\"reason\":\"x\"}}")]
    [InlineData("{\"reason\":\"x\"} {}")]
    [InlineData("{\"reason\":\"x\",}")]
    [InlineData("{\"reason\":\"x\"/**/}")]
    [InlineData("{'reason':'x'}")]
    [InlineData("{\"reason\":\"a\\u0000b\"}")]
    [InlineData("{\"rea\\u0000son\":\"x\"}")]
    [InlineData("{\"reason\":\"\\ud800\"}")]
    [InlineData("{\"reason\":\"\\udc00\\ud800\"}")]
    [InlineData("{\"reason\":\"\\ud800\\ud800\\udc00\"}")]
    [InlineData("{\"reason\":\"\\ud800x\\udc00\"}")]
    [InlineData("{\"reason\":\"a\nb\"}")]
    public void Text_that_is_no_sound_JSON_object_is_malformed(string body) =>
        AssertMalformed(Encoding.UTF8.GetBytes(body));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_malformed()
    {
        AssertMalformed([0xEF, 0xBB, 0xBF, .. """{"reason":"x"}"""u8]);
        AssertMalformed([.. "{\"reason\":\""u8, 0xFF, .. "\"}"u8]);
        AssertMalformed([.. "{\"reason\":\""u8, 0xC0, 0x80, .. "\"}"u8]);
        AssertMalformed([.. "{\"reason\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]);
        AssertMalformed(Encoding.Unicode.GetBytes("""{"reason":"x"}"""));
    }

    [Theory]
    [InlineData("\\u0041\\ud83d\\ude00")]
    [InlineData("\\\\u0000")]
    [InlineData("\\\"\\n\\/")]
    public void Sound_escapes_are_read(string text)
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"reason":"{{text}}"}""");
        (DisputeJobRequest? value, Refusal? refusal) =
            StrictBody.Parse(body, VoxPactJson.Wire.DisputeJobRequest);
        Assert.Null(refusal);
        Assert.NotEmpty(value!.Reason);
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    [InlineData(200_000, false)]
    public void Nesting_is_bounded(int arrays, bool good)
    {
        string body = $$"""{"deliverable":{{new string('[', arrays)}}{{new string(']', arrays)}}}""";
        (_, Refusal? refusal) =
            StrictBody.Parse(Encoding.UTF8.GetBytes(body), VoxPactJson.Wire.SubmitRequest);
        Assert.Equal(good, refusal is null);
        if (!good) Assert.Contains("deeper than 32", refusal!.Sentence);
    }

    [Fact]
    public void Whatever_the_bytes_are_the_result_is_a_record_or_a_refusal()
    {
        byte[] good = """
            {"deliverable":{"a":[1e5,null,"\u00e9\ud83d\ude00",{"b":-0.1}]},"message":"m"}
            """u8.ToArray();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 12].Sample(changes =>
        {
            byte[] body = [.. good];
            foreach ((int at, byte value) in changes) body[at] = value;
            (SubmitRequest? read, Refusal? refusal) = StrictBody.Parse(body, VoxPactJson.Wire.SubmitRequest);
            return read is null != refusal is null;
        }, iter: 20_000);
    }

    private static void AssertMalformed(byte[] body)
    {
        (DisputeJobRequest? value, Refusal? refusal) =
            StrictBody.Parse(body, VoxPactJson.Wire.DisputeJobRequest);
        Assert.Null(value);
        Assert.Equal(RefusalCode.MalformedJson, refusal?.Code);
    }
}
