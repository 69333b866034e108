using System.Text.Json;
using VoxPact.Cli;
using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Tests.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Cli;

/// <summary>What <c>voxpact listen</c> does with what its receiver refuses.</summary>
public sealed class ForwarderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_refused_is_tried_again_before_later_events_of_its_job_and_others_go_on()
    {
        await using var laptop = await WebhookListener.StartAsync();
        laptop.Secret = WebhookSignature.FormatSecret(new byte[32]);
        var otherCame = new TaskCompletionSource();
        int refused = 0;
        laptop.Respond = async told =>
        {
            if (told.JobId == "job_2") otherCame.SetResult();
            if (told is not { JobId: "job_1", Type: "job.created" } || refused == 2) return 204;
            await otherCame.Task;
            refused++;
            return 500;
        };
        using var output = new StringWriter();
        using var http = new HttpClient();
        var forwarder = Make(http, laptop.Url, output);
        var first = forwarder.ForwardAsync(Event("job.created", "job_1", 1), Stop);
        await forwarder.ForwardAsync(Event("job.created", "job_2", 1), Stop);
        await first;
        foreach (string type in new[] { "job.validated", "job.completed" })
            await forwarder.ForwardAsync(Event(type, "job_1", 2), Stop);
        await laptop.NextAsync("job.completed");
        Assert.Equal(["job.created", "job.validated", "job.completed"], laptop.TypesOf("job_1"));
        Assert.Equal("job_2", laptop.All[0].JobId);
        Assert.All(laptop.All, told => Assert.True(told.IsSigned));
        Assert.Contains("job.created evt_job_1_1 -> 500; again in 1 s", output.ToString());
        Assert.Contains("job.created evt_job_1_1 -> 500; again in 2 s", output.ToString());
        Assert.Contains("job.created evt_job_1_1 -> 204", output.ToString());
    }

    [Fact]
    public async Task What_is_never_taken_is_given_up_and_the_next_one_goes_on()
    {
        await using var laptop = await WebhookListener.StartAsync();
        laptop.Respond = told => Task.FromResult(told.Type == "job.created" ? 500 : 204);
        using var output = new StringWriter();
        using var http = new HttpClient();
        var forwarder = Make(http, laptop.Url, output);
        await forwarder.ForwardAsync(Event("job.created", "job_1", 1), Stop);
        await forwarder.ForwardAsync(Event("job.validated", "job_1", 2), Stop);
        await laptop.NextAsync("job.validated");
        Assert.Equal(6, laptop.Attempts);
        Assert.Contains("evt_job_1_1 -> 500; given up after 5 attempts", output.ToString());
    }

    [Fact]
    public async Task A_receiver_that_is_down_gets_what_it_missed_when_it_is_back()
    {
        int tried = 0;
        var back = new TaskCompletionSource();
        await using var laptop = new RawEndpoint(async (_, stream, stop) =>
        {
            // Hung up on twice, without a word.
            if (Interlocked.Increment(ref tried) < 3) return;
            await RawEndpoint.WriteAsync(stream, RawEndpoint.Status(200), stop);
            back.SetResult();
        });
        using var output = new StringWriter();
        using var http = new HttpClient();
        await Make(http, laptop.Url, output).ForwardAsync(Event("job.created", "job_1", 1), Stop);
        Assert.Contains("; again in 1 s", output.ToString());
        await back.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
    }

    private static Forwarder Make(HttpClient http, string url, TextWriter output) =>
        new(http, url, WebhookSignature.FormatSecret(new byte[32]), output, new HurriedTime(100));

    private static WebhookEvent Event(string type, string job, int sequence) => new()
    {
        Id = $"evt_{job}_{sequence}",
        Type = type,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Sequence = sequence,
        Data = JsonSerializer.SerializeToElement(new { job_id = job }),
    };
}
