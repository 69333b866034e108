using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace VoxPact.Bench;

/// <summary>
/// <c>isolation</c>: what 300 hanging, slow, failing and refusing endpoints do to the latency of 700 healthy ones.
/// Events come at a fixed rate, whether or not the last was delivered; alone and beside the others in turn.
/// </summary>
internal static class Isolation
{
    private const int EndpointsOfAgent = 20;
    private const int HealthyAgents = 35;
    private const int OtherAgents = 15;
    private static readonly TimeSpan s_betweenHealthy = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_betweenOther = TimeSpan.FromMilliseconds(250);

    /// <summary>Longer than an attempt may take: then nothing of the last round is under way.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(17);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        Console.WriteLine("store       round  alone p50/p99 ms   beside p50/p99 ms   p99 ratio   deliveries");
        if (options.Store is not "postgresql") await MeasureAsync("sqlite", null, options);
        if (options.Database is { } admin && options.Store is not "sqlite")
            await MeasureAsync("postgresql", admin, options);
        return 0;
    }

    private static async Task MeasureAsync(string store, string? admin, BenchOptions options)
    {
        await using var database = await Database.CreateAsync(admin);
        await using var server = await ServerProcess.StartAsync(
            database.ConnectionString, options.Server, "--rundeliveries", "true");
        using var receiver = new WebhookReceiver();
        using var http = new HttpClient { BaseAddress = server.Url };
        var healthy = new List<string>();
        for (int i = 0; i < HealthyAgents; i++)
            healthy.Add((await AgentAsync(http, $"healthy-{i}", n => Url(receiver.GoodPort, i, n))).Key);
        var others = new List<string>();
        var endpoints = new List<(string Key, string Id)>();
        for (int i = 0; i < OtherAgents; i++)
        {
            // Port 9 of loopback refuses.
            int[] ports = [receiver.SilentPort, receiver.SlowPort, receiver.BadPort, 9];
            var (key, ids) = await AgentAsync(
                http, $"other-{i}", n => Url(ports[n % ports.Length], HealthyAgents + i, n));
            others.Add(key);
            endpoints.AddRange(ids.Select(id => (key, id)));
        }
        await SwitchAsync(http, endpoints, on: false);
        await RunAsync(http, receiver, healthy, [], TimeSpan.FromSeconds(3));
        var ratios = new List<double>();
        for (int round = 1; round <= options.Rounds; round++)
        {
            var length = TimeSpan.FromSeconds(options.Seconds);
            var alone = await RunAsync(http, receiver, healthy, [], length);
            await SwitchAsync(http, endpoints, on: true);
            var beside = await RunAsync(http, receiver, healthy, others, length);
            await SwitchAsync(http, endpoints, on: false);
            await Task.Delay(s_pause);
            ratios.Add(At(beside, 0.99) / At(alone, 0.99));
            string row = string.Create(CultureInfo.InvariantCulture,
                $"{store,-11} {round,5}  {At(alone, 0.5),6:F1}/{At(alone, 0.99),-8:F1}    {At(beside, 0.5),6:F1}")
                + string.Create(CultureInfo.InvariantCulture,
                    $"/{At(beside, 0.99),-8:F1}     {ratios[^1],8:F2}  {alone.Count,6}/{beside.Count}");
            Console.WriteLine(row);
        }
        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{store,-11} median ratio of p99: {ratios[ratios.Count / 2]:F2}"));
    }

    private static string Url(int port, int agent, int n) => $"http://127.0.1.{1 + agent}:{port}/{n}";

    private static double At(List<double> sorted, double part) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];

    private static async Task<(string Key, List<string> Endpoints)> AgentAsync(
        HttpClient http, string name, Func<int, string> urlOf)
    {
        var (_, key) = await Pair.OneAsync(http, name, urlOf(0));
        for (int n = 1; n < EndpointsOfAgent; n++)
            await SendAsync(http, key, HttpMethod.Post, "/v1/webhook-endpoints", new { url = urlOf(n) });
        var listed = await SendAsync(http, key, HttpMethod.Get, "/v1/webhook-endpoints", null);
        var ids = listed.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!);
        return (key, [.. ids]);
    }

    private static async Task SwitchAsync(HttpClient http, List<(string Key, string Id)> endpoints, bool on)
    {
        foreach (var (key, id) in endpoints)
            await SendAsync(http, key, HttpMethod.Patch, $"/v1/webhook-endpoints/{id}", new { enabled = on });
    }

    /// <summary>The latencies of all deliveries to healthy endpoints, the least first.</summary>
    private static async Task<List<double>> RunAsync(
        HttpClient http, WebhookReceiver receiver, List<string> healthy, List<string> others, TimeSpan length)
    {
        var latencies = new ConcurrentQueue<double>();
        receiver.Latencies = latencies;
        var events = await Task.WhenAll(
            TellAsync(http, healthy, s_betweenHealthy, length), TellAsync(http, others, s_betweenOther, length));
        int expected = events[0] * EndpointsOfAgent;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (latencies.Count < expected && !patience.IsCancellationRequested) await Task.Delay(20);
        if (latencies.Count != expected) Console.WriteLine($"{latencies.Count} of {expected} deliveries came.");
        return [.. latencies.Order()];
    }

    private static async Task<int> TellAsync(HttpClient http, List<string> keys, TimeSpan between, TimeSpan length)
    {
        if (keys.Count == 0) return 0;
        var sent = new List<Task>();
        using var timer = new PeriodicTimer(between);
        int count = (int)(length / between);
        for (int i = 0; i < count; i++)
        {
            await timer.WaitForNextTickAsync();
            sent.Add(SendAsync(http, keys[i % keys.Count], HttpMethod.Post, "/v1/events/test", new { }));
        }
        await Task.WhenAll(sent);
        return count;
    }

    private static async Task<JsonElement> SendAsync(
        HttpClient http, string key, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Authorization", "Bearer " + key);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var answer = await http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{method} {path}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
