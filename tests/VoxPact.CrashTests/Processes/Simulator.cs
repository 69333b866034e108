using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxPact.CrashTests.Processes;

/// <summary>The Stripe simulator in a process of its own: it is never killed, and its lists are the truth.</summary>
internal sealed class Simulator : IAsyncDisposable
{
    public const string SecretKey = "sk_test_sandbox";
    public const string WebhookSecret = "whsec_sandbox";

    private readonly Child _process;
    private readonly HttpClient _http;

    private Simulator(Child process, string url)
    {
        _process = process;
        Url = url;
        _http = new HttpClient { BaseAddress = new Uri(url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SecretKey);
    }

    public string Url { get; }

    public static async Task<Simulator> StartAsync(string folder, int port, string server)
    {
        string url = $"http://127.0.0.1:{port}";
        var process = Child.Start(
            Path.Combine(AppContext.BaseDirectory, "VoxPact.StripeSimulator.dll"),
            [
                "--urls", url, "--data", folder, "--secret-key", SecretKey, "--publishable-key", "pk_test_sandbox",
                "--webhook-secret", WebhookSecret, "--webhook-url", server + "/webhooks/stripe",
            ],
            new Dictionary<string, string>(), Path.Combine(folder, "simulator.log"),
            line => line.StartsWith("Stripe SIMULATOR", StringComparison.Ordinal));
        if (!await process.Ready)
            throw new InvalidOperationException("The simulator did not start; simulator.log says why.");
        return new Simulator(process, url);
    }

    public async Task<JsonObject> ControlAsync(string path, object body, CancellationToken stop)
    {
        using var answer = await _http.PostAsJsonAsync($"/_control/{path}", body, stop);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(stop))!;
    }

    /// <summary>Every object of a list.</summary>
    public async Task<List<JsonElement>> AllAsync(string path, CancellationToken stop)
    {
        var all = new List<JsonElement>();
        while (true)
        {
            string after = all.Count == 0 ? "" : $"&starting_after={all[^1].GetProperty("id").GetString()}";
            var page = await _http.GetFromJsonAsync<JsonElement>($"{path}?limit=100{after}", stop);
            all.AddRange(page.GetProperty("data").EnumerateArray());
            if (!page.GetProperty("has_more").GetBoolean()) return all;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
