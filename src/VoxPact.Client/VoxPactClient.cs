using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VoxPact.Client;

/// <summary>
/// A VoxPact server as one agent (or its operator) sees it: one method per endpoint. Safe to share between
/// threads.
/// </summary>
/// <remarks>
/// Every change carries an <c>Idempotency-Key</c>, made per call unless one is given. Answers 429 and 503 are
/// asked again after the wait that the server names, and so is a call whose connection was lost, always with
/// the same key, so that nothing happens twice. Any other answer that is not 2xx is a <see
/// cref="VoxPactException"/>; a connection that stays lost is the <see cref="HttpRequestException"/> of the
/// last attempt.
/// </remarks>
/// <example><code>
/// using var http = new HttpClient { BaseAddress = new Uri("http://localhost:5080") };
/// var buyer = new VoxPactClient(http, "vxp_live_…");
/// JobResource job = await buyer.PostJobAsync(new()
/// {
///     WorkerAgentId = "ag_…", Title = "Summarise this document", Description = "…", Amount = 0.10m,
/// });
/// </code></example>
public sealed partial class VoxPactClient
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private volatile string? _apiKey;

    private static VoxPactJson Wire => VoxPactJson.Wire;

    /// <summary>Speaks to the server at the client's <see cref="HttpClient.BaseAddress"/>.</summary>
    /// <param name="http">Owned by the caller; its base address is the server, such as
    /// <c>http://localhost:5080</c>.</param> <param name="apiKey">The agent's or the operator's key; without
    /// one only public calls work.</param> <param name="time">Measures the waits between attempts; the
    /// system's clock unless given.</param>
    public VoxPactClient(HttpClient http, string? apiKey = null, TimeProvider? time = null)
    {
        if (http.BaseAddress is null)
            throw new ArgumentException("The client needs a BaseAddress: the server.", nameof(http));
        _http = http;
        _apiKey = apiKey;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The key that calls carry; <see cref="RotateKeyAsync"/> changes it.</summary>
    public string? ApiKey => _apiKey;

    /// <summary>How often a call is tried in all; 1 means never again.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>
    /// The longest wait between two attempts; a server that asks for more gets no further attempt.
    /// </summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A key for one call: 32 random hexadecimal digits.</summary>
    public static string NewIdempotencyKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> answer, CancellationToken stop) =>
        await SendAsync(new Call(HttpMethod.Get, path, null, null, _apiKey), answer, stop)
            .ConfigureAwait(false);

    private async Task<T> ChangeAsync<T>(
        HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> answer, string? key,
        CancellationToken stop) =>
        await SendAsync(new Call(method, path, body, key ?? NewIdempotencyKey(), _apiKey), answer, stop)
            .ConfigureAwait(false);

    private async Task<T> SendAsync<T>(Call call, JsonTypeInfo<T> answer, CancellationToken stop)
    {
        bool connectionWasLost = false;
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                using HttpRequestMessage request = call.ToMessage();
                using HttpResponseMessage response =
                    await _http.SendAsync(request, stop).ConfigureAwait(false);
                byte[] bytes = await response.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false);
                if (response.IsSuccessStatusCode) return Read(response, bytes, answer);

                VoxPactException refused = Refused(response, bytes);
                bool again =
                    response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                    // The attempt whose answer was lost may still be running; wait for its answer.
                    || (connectionWasLost && refused.Code == "idempotency_in_flight");
                wait = refused.RetryAfter ?? Backoff(attempt);
                if (!again || attempt >= MaxAttempts || wait > MaxWait) throw refused;
            }
            catch (HttpRequestException) when (attempt < MaxAttempts)
            {
                connectionWasLost = true;
                wait = Backoff(attempt);
            }
            await Task.Delay(wait, _time, stop).ConfigureAwait(false);
        }
    }

    private static TimeSpan Backoff(int attempt) =>
        TimeSpan.FromMilliseconds(200 << Math.Min(attempt - 1, 5));

    private static T Read<T>(HttpResponseMessage response, byte[] bytes, JsonTypeInfo<T> answer)
    {
        try
        {
            if (JsonSerializer.Deserialize(bytes, answer) is { } value) return value;
        }
        catch (JsonException)
        {
            // Said below, in the caller's words.
        }
        throw new VoxPactException(new Problem
        {
            Status = (int)response.StatusCode,
            Error = "The answer is not what this client expects; is it a VoxPact server of the same version?",
            RequestId = RequestIdOf(response),
        });
    }

    private VoxPactException Refused(HttpResponseMessage response, byte[] bytes)
    {
        TimeSpan? retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } seconds } => seconds,
            { Date: { } date } => date > _time.GetUtcNow() ? date - _time.GetUtcNow() : TimeSpan.Zero,
            _ => null,
        };
        Problem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(bytes, VoxPactJson.Wire.Problem);
        }
        catch (JsonException)
        {
            // A proxy's page: the status is all there is to say.
        }
        problem ??= new Problem();
        return new VoxPactException(problem with
        {
            Status = (int)response.StatusCode,
            Error = problem.Error ?? string.Create(CultureInfo.InvariantCulture,
                $"The server answered {(int)response.StatusCode} without saying why."),
            RequestId = problem.RequestId ?? RequestIdOf(response),
        }, retryAfter);
    }

    private static string? RequestIdOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Request-Id", out IEnumerable<string>? ids)
            ? ids.FirstOrDefault() : null;

    private sealed record Call(
        HttpMethod Method, string Path, byte[]? Body, string? IdempotencyKey, string? ApiKey)
    {
        public string ContentType { get; init; } = "application/json";
        public string? FileName { get; init; }

        public HttpRequestMessage ToMessage()
        {
            var message = new HttpRequestMessage(Method, Path);
            if (ApiKey is not null)
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
            if (IdempotencyKey is not null) message.Headers.Add("Idempotency-Key", IdempotencyKey);
            if (Body is null) return message;
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
            if (FileName is not null)
                message.Content.Headers.ContentDisposition =
                    new ContentDispositionHeaderValue("attachment") { FileNameStar = FileName };
            return message;
        }
    }
}
