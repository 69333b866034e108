using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace VoxPact.CrashTests.Load;

/// <summary>A request as it was sent, so that it can be sent again.</summary>
internal sealed record Asked(string ApiKey, string Path, string Body, string IdempotencyKey);

/// <summary>What was definitely answered.</summary>
/// <param name="MovedSeconds">By how much business time had been moved by then.</param>
internal sealed record Heard(Asked Asked, int Status, byte[] Body, long MovedSeconds)
{
    public bool IsGood => Status is >= 200 and < 300;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>For what the battery cannot go on without.</summary>
    public Heard Expected => IsGood
        ? this
        : throw new Refused($"{Asked.Path}: {Status} {Encoding.UTF8.GetString(Body)}");

    /// <summary>The answer's <c>data</c>; an undefined element when it has none.</summary>
    public JsonElement Data => Json.TryGetProperty("data", out var data) ? data : default;
}

/// <summary>The server said no to something that cannot be gone on without.</summary>
internal sealed class Refused(string message) : Exception(message);

/// <summary>
/// HTTP to the server as a careful client speaks it: the same Idempotency-Key until there is a definite answer, and
/// every good one is remembered.
/// </summary>
internal sealed class Link : IDisposable
{
    private readonly HttpClient _http;
    private readonly ConcurrentQueue<Heard> _good = new();
    private readonly ConcurrentQueue<string> _broken = new();
    private long _keys, _moved, _waiting, _answers;

    public Link(string url)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        _http = new HttpClient(handler) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(40) };
    }

    public IReadOnlyCollection<Heard> Good => _good;

    /// <summary>How many good answers there were so far.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Answers that no client should ever get: status 500.</summary>
    public IReadOnlyCollection<string> Broken => _broken;

    /// <summary>By how much the battery has moved business time.</summary>
    public long MovedSeconds => Interlocked.Read(ref _moved);

    /// <summary>How many requests have no definite answer yet.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    public void Moved(long seconds) => Interlocked.Add(ref _moved, seconds);

    /// <summary>Sends until the answer is definite.</summary>
    public async Task<Heard> PostAsync(string apiKey, string path, object? body, CancellationToken stop)
    {
        var asked = new Asked(apiKey, path, body is null ? "" : JsonSerializer.Serialize(body),
            $"battery-{Interlocked.Increment(ref _keys):00000000000000}");
        Interlocked.Increment(ref _waiting);
        try
        {
            for (int attempt = 0; ; attempt++)
            {
                if (await TryAsync(asked, stop) is { } heard)
                {
                    if (!heard.IsGood) return heard;
                    _good.Enqueue(heard);
                    Interlocked.Increment(ref _answers);
                    return heard;
                }
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(50 << Math.Min(attempt, 5), 1_000)), stop);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Null while nobody can know what became of it.</summary>
    public async Task<Heard?> TryAsync(Asked asked, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, asked.Path);
        if (asked.ApiKey.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", asked.ApiKey);
        if (asked.IdempotencyKey.Length > 0)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", asked.IdempotencyKey);
        if (asked.Body.Length > 0) request.Content = new StringContent(asked.Body, Encoding.UTF8, "application/json");
        if (await SendAsync(request, stop) is not var (status, body)) return null;
        if (status == 500) _broken.Enqueue($"POST {asked.Path}: {Encoding.UTF8.GetString(body)}");
        bool isInFlight = status == 409
            && Encoding.UTF8.GetString(body).Contains("idempotency_in_flight", StringComparison.Ordinal);
        return status is >= 500 or 429 || isInFlight ? null : new Heard(asked, status, body, MovedSeconds);
    }

    /// <summary>Null when the server or its database is away.</summary>
    public async Task<JsonElement?> GetAsync(string apiKey, string path, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (apiKey.Length > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        if (await SendAsync(request, stop) is not var (status, body)) return null;
        if (status == 500) _broken.Enqueue($"GET {path}: {Encoding.UTF8.GetString(body)}");
        return status == 200 ? JsonDocument.Parse(body).RootElement : null;
    }

    /// <summary>Asks until it is answered.</summary>
    public async Task<JsonElement> GetSurelyAsync(string apiKey, string path, CancellationToken stop)
    {
        while (true)
        {
            if (await GetAsync(apiKey, path, stop) is { } answer) return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        }
    }

    /// <summary>
    /// Fills in one of Stripe's hosted pages, and follows where it leads, until the last page is there.
    /// </summary>
    public async Task FillInAsync(string url, CancellationToken stop, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var response = await _http.PostAsync(url, content, stop);
        while (response.Headers.Location is { } next)
        {
            response.Dispose();
            response = await _http.GetAsync(new Uri(new Uri(url), next), stop);
        }
        response.EnsureSuccessStatusCode();
        response.Dispose();
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, byte[] Body)?> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            using var answer = await _http.SendAsync(request, stop);
            return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(stop));
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or SocketException
            || (lost is TaskCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }
    }
}
