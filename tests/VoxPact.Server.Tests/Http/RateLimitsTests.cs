using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Http;
using Xunit;

namespace VoxPact.Server.Tests.Http;

public sealed class RateLimitsTests
{
    private static readonly RateLimitSettings Small = new()
    {
        Credential = new(PerMinute: 60, Burst: 3),
        Address = new(PerMinute: 60, Burst: 8),
        Anonymous = new(PerMinute: 30, Burst: 2),
        Registration = new(PerMinute: 1, Burst: 1),
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static HttpContext From(string address, int key = 0)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        if (key > 0) http.Request.Headers.Authorization = "Bearer " + Key(key);
        return http;
    }

    private static string Key(int number)
    {
        byte[] random = new byte[32];
        random[0] = (byte)number;
        return ApiKey.Create(ApiKey.AgentPrefix, random);
    }

    private static int Passed(
        RateLimits limits, int attempts, Func<int, HttpContext> make, bool registers = false) =>
        Enumerable.Range(0, attempts).Count(i => limits.TryTake(make(i), registers, out _));

    [Fact]
    public void Each_key_has_its_own_bucket_and_the_address_bounds_them_all()
    {
        using var limits = new RateLimits(Small);
        Assert.Equal(3, Passed(limits, 10, _ => From("192.0.2.1", 1)));
        Assert.Equal(3, Passed(limits, 10, _ => From("192.0.2.1", 2)));
        Assert.Equal(2, Passed(limits, 10, i => From("192.0.2.1", 10 + i)));
        Assert.Equal(3, Passed(limits, 10, _ => From("192.0.2.2", 3)));
    }

    [Fact]
    public void Anonymous_callers_share_their_address_and_all_of_its_IPv6_network()
    {
        using var limits = new RateLimits(Small);
        Assert.Equal(2, Passed(limits, 5, _ => From("192.0.2.1")));
        Assert.Equal(0, Passed(limits, 5, _ => From("::ffff:192.0.2.1")));
        Assert.Equal(2, Passed(limits, 5, _ => From("192.0.2.2")));
        Assert.Equal(2, Passed(limits, 5, i => From($"2001:db8::{i + 1}")));
        Assert.Equal(2, Passed(limits, 5, i => From($"2001:db8:0:1::{i + 1}")));
    }

    [Fact]
    public void Registration_counts_by_address_whatever_key_is_sent()
    {
        using var limits = new RateLimits(Small);
        Assert.Equal(1, Passed(limits, 5, i => From("192.0.2.1", i), registers: true));
    }

    [Fact]
    public void Loopback_is_free_only_where_it_is_said_to_be()
    {
        using var limits = new RateLimits(Small with { LoopbackIsFree = true });
        Assert.Equal(50, Passed(limits, 50, _ => From("127.0.0.1")));
        Assert.Equal(50, Passed(limits, 50, _ => From("::1"), registers: true));
        Assert.Equal(2, Passed(limits, 50, _ => From("192.0.2.1")));
        using var strict = new RateLimits(Small);
        Assert.Equal(2, Passed(strict, 50, _ => From("127.0.0.1")));
    }

    [Fact]
    public void The_parts_of_a_request_are_let_through_together_or_not_at_all()
    {
        using var limits = new RateLimits(Small with { Credential = new(PerMinute: 1, Burst: 5) });
        Assert.True(limits.TryTake(From("192.0.2.1", 1), false, out _));
        Assert.Null(limits.TakeParts(From("192.0.2.1", 1), 1, "jobs", out _));
        Assert.Null(limits.TakeParts(From("192.0.2.1", 1), 3, "jobs", out _));
        // Two are left.
        var refusal = limits.TakeParts(From("192.0.2.1", 1), 4, "jobs", out int wait);
        Assert.Equal(RefusalCode.RateLimited, refusal!.Code);
        Assert.InRange(wait, 1, 120);
        Assert.Null(limits.TakeParts(From("192.0.2.1", 1), 3, "jobs", out _));
        Assert.Equal(0, Passed(limits, 1, _ => From("192.0.2.1", 1)));
        // No wait brings more than a bucket holds.
        Assert.Equal(RefusalCode.ValidationFailed, limits.TakeParts(From("192.0.2.1", 2), 6, "jobs", out wait)!.Code);
        Assert.Equal(0, wait);
        using var free = new RateLimits(Small with { LoopbackIsFree = true });
        Assert.Null(free.TakeParts(From("127.0.0.1", 1), 100, "jobs", out _));
    }

    [Fact]
    public void The_defaults_carry_hundreds_of_polled_jobs()
    {
        using var limits = new RateLimits(new RateLimitSettings());
        Assert.Equal(400, Passed(limits, 400, _ => From("192.0.2.1", 1)));
    }

    [Fact]
    public async Task Answers_say_what_is_left_and_refusals_how_long_to_wait()
    {
        using var limits = new RateLimits(Small);
        await using LoopbackApp app = await LoopbackApp.StartAsync(app =>
        {
            app.UseRequestIds(TimeProvider.System);
            app.UseBarrier(NullLogger.Instance);
            app.UseRouting();
            app.UseRateLimits(limits);
            app.MapGet("/poll", () => "ok");
            app.MapPost("/register", () => "ok").WithMetadata(RegistrationLimit.Instance);
        });
        using HttpResponseMessage first = await app.Client.GetAsync("/poll", Stop);
        Assert.Equal("\"anonymous\";q=2;w=4", Assert.Single(first.Headers.GetValues("RateLimit-Policy")));
        Assert.Equal("\"anonymous\";r=1;t=2", Assert.Single(first.Headers.GetValues("RateLimit")));
        using HttpResponseMessage second = await app.Client.GetAsync("/poll", Stop);
        Assert.True(second.IsSuccessStatusCode);
        using HttpResponseMessage third = await app.Client.GetAsync("/poll", Stop);
        await Answers.ReadProblemAsync(third, 429, "rate_limited");
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 2);
        Assert.Equal("\"anonymous\";r=0;t=4", Assert.Single(third.Headers.GetValues("RateLimit")));

        using HttpResponseMessage registered = await app.Client.PostAsync("/register", null, Stop);
        Assert.True(registered.IsSuccessStatusCode);
        using HttpResponseMessage again = await app.Client.PostAsync("/register", null, Stop);
        await Answers.ReadProblemAsync(again, 429, "rate_limited");
        Assert.InRange(again.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 2, 60);
    }
}
