using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace VoxPact.Bench;

/// <summary>
/// <c>streams</c>: thousands of idle event streams; what one costs the server in memory, and how long an event for
/// every agent takes to arrive at all of them.
/// </summary>
internal static class Streams
{
    private const int OfAgent = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        Console.WriteLine("store       streams  kB/stream  told  arrived  all after ms  cpu s");
        if (options.Store is not "postgresql") await MeasureAsync("sqlite", null, options);
        if (options.Database is { } admin && options.Store is not "sqlite")
            await MeasureAsync("postgresql", admin, options);
        return 0;
    }

    private static async Task MeasureAsync(string store, string? admin, BenchOptions options)
    {
        int agents = options.Streams / OfAgent;
        await using var database = await Database.CreateAsync(admin);
        await using var server = await ServerProcess.StartAsync(database.ConnectionString, options.Server);
        using var http = new HttpClient { BaseAddress = server.Url };
        var keys = new List<string>();
        for (int i = 0; i < agents; i++) keys.Add((await Pair.OneAsync(http, $"agent-{i}")).Key);

        long before = server.Usage.Resident;
        int arrived = 0;
        using var closing = new CancellationTokenSource();
        using var listening = new HttpMessageInvoker(new SocketsHttpHandler());
        var reading = new List<Task>();
        foreach (string key in keys)
            for (int n = 0; n < OfAgent; n++)
            {
                var lines = await OpenAsync(listening, server.Url, key);
                reading.Add(ReadAsync(lines, () => Interlocked.Increment(ref arrived), closing.Token));
            }
        long each = (server.Usage.Resident - before) / reading.Count;
        var cpu = server.Usage.Cpu;
        var watch = Stopwatch.StartNew();
        foreach (string key in keys)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events/test");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Content = JsonContent.Create(new { });
            using var answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }
        while (Volatile.Read(ref arrived) < reading.Count && watch.Elapsed < s_patience) await Task.Delay(5);
        double tookMs = watch.Elapsed.TotalMilliseconds;
        double cpuSeconds = (server.Usage.Cpu - cpu).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{store,-11} {reading.Count,7}  {each / 1024.0,9:F1}  {agents,4}  {arrived,7}  {tookMs,12:F0}  {cpuSeconds,5:F1}"));
        await closing.CancelAsync();
        await Task.WhenAll(reading);
    }

    /// <summary>An open stream whose first heartbeat has come.</summary>
    private static async Task<StreamReader> OpenAsync(HttpMessageInvoker http, Uri server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/v1/events/stream"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var answer = await http.SendAsync(request, CancellationToken.None);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"A stream was answered {answer}.");
        var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await lines.ReadLineAsync();
        return lines;
    }

    private static async Task ReadAsync(StreamReader lines, Action arrived, CancellationToken stop)
    {
        using var _ = lines;
        try
        {
            while (await lines.ReadLineAsync(stop) is { } line)
                if (line == "event: webhook.ping") arrived();
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
