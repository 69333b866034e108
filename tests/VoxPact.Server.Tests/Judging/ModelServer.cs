using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Judging;

/// <summary>What a model server answers: the model's text, or a fault of the server or the network.</summary>
internal sealed record ModelAnswer(string Text = "", string Stop = "")
{
    public int Status { get; init; } = 200;
    public int? RetryAfterSeconds { get; init; }

    /// <summary>A body that is not what the vendor documents.</summary>
    public string? Raw { get; init; }

    /// <summary>Never answers.</summary>
    public bool Hangs { get; init; }

    /// <summary>OpenAI's refusal, beside an empty text.</summary>
    public string? Refusal { get; init; }
}

/// <summary>
/// A local server that speaks the documented wire format of a vendor: paths, headers, bodies and errors. It answers
/// by script, the last answer again and again, and keeps what it was sent.
/// </summary>
internal sealed class ModelServer : IAsyncDisposable
{
    public const string Key = "key-for-tests-only";

    private readonly WebApplication _app;
    private readonly JudgeProvider _provider;
    private readonly ConcurrentQueue<ModelAnswer> _script;

    private ModelServer(JudgeProvider provider, IEnumerable<ModelAnswer> script)
    {
        _provider = provider;
        _script = new ConcurrentQueue<ModelAnswer>(script);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        Address = $"http://127.0.0.1:{Ports.Next()}";
        builder.WebHost.UseUrls(Address);
        _app = builder.Build();
        _app.MapPost(Path, AnswerAsync);
    }

    public string Address { get; }
    public ConcurrentQueue<(IHeaderDictionary Headers, JsonElement Body)> Requests { get; } = [];

    private string Path => _provider switch
    {
        JudgeProvider.Anthropic => "/v1/messages",
        JudgeProvider.Ollama => "/api/chat",
        _ => "/v1/chat/completions",
    };

    /// <summary>As an operator would configure it.</summary>
    public JudgeOptions Options => new()
    {
        Provider = _provider,
        Model = $"{_provider}-model".ToLowerInvariant(),
        ApiKey = Key,
        BaseUrl = _provider is JudgeProvider.OpenAI or JudgeProvider.OpenAICompatible ? Address + "/v1" : Address,
        Retries = 0,
        TimeoutSeconds = 20,
        InputPrice = 3,
        OutputPrice = 15,
    };

    public static async Task<ModelServer> StartAsync(JudgeProvider provider, params ModelAnswer[] script)
    {
        var server = new ModelServer(provider, script);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>From now on the server answers so.</summary>
    public void Script(ModelAnswer answer)
    {
        _script.Clear();
        _script.Enqueue(answer);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
        Requests.Enqueue((new HeaderDictionary(http.Request.Headers.ToDictionary()), body));
        var answer = Next();
        if (answer.Hangs) await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        http.Response.StatusCode = answer.Status;
        if (answer.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        http.Response.ContentType = "application/json";
        string model = body.GetProperty("model").GetString()!;
        await http.Response.WriteAsync(answer.Raw
            ?? (answer.Status == 200 ? Success(answer, model) : Error(answer.Status)).ToJsonString());
    }

    private ModelAnswer Next()
    {
        if (_script.Count == 1 && _script.TryPeek(out var last)) return last;
        return _script.TryDequeue(out var next) ? next : new ModelAnswer { Status = 500 };
    }

    private JsonObject Success(ModelAnswer answer, string model) => _provider switch
    {
        JudgeProvider.Anthropic => new JsonObject
        {
            ["id"] = "msg_013Zva2CMHLNnXjNJJKqJ2EF",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = model,
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = answer.Text }),
            ["stop_reason"] = answer.Stop.Length == 0 ? "end_turn" : answer.Stop,
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject { ["input_tokens"] = 1000, ["output_tokens"] = 200 },
        },
        JudgeProvider.Ollama => new JsonObject
        {
            ["model"] = model,
            ["created_at"] = "2026-08-04T19:22:45.499127Z",
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text },
            ["done"] = true,
            ["done_reason"] = answer.Stop.Length == 0 ? "stop" : answer.Stop,
            ["total_duration"] = 4883583458,
            ["load_duration"] = 1334875,
            ["prompt_eval_count"] = 1000,
            ["prompt_eval_duration"] = 342546000,
            ["eval_count"] = 200,
            ["eval_duration"] = 4535599000,
        },
        _ => new JsonObject
        {
            ["id"] = "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
            ["object"] = "chat.completion",
            ["created"] = 1741569952,
            ["model"] = model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject
                {
                    ["role"] = "assistant",
                    ["content"] = answer.Refusal is null ? answer.Text : null,
                    ["refusal"] = answer.Refusal,
                    ["annotations"] = new JsonArray(),
                },
                ["logprobs"] = null,
                ["finish_reason"] = answer.Stop.Length == 0 ? "stop" : answer.Stop,
            }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = 1000,
                ["completion_tokens"] = 200,
                ["total_tokens"] = 1200,
            },
            ["service_tier"] = "default",
        },
    };

    private JsonObject Error(int status) => _provider switch
    {
        JudgeProvider.Anthropic => new JsonObject
        {
            ["type"] = "error",
            ["error"] = new JsonObject
            {
                ["type"] = status switch { 429 => "rate_limit_error", 529 => "overloaded_error", _ => "api_error" },
                ["message"] = $"Key {Key} is not welcome.",
            },
            ["request_id"] = "req_011CSHoEeqs5C35K2UUqR7Fy",
        },
        JudgeProvider.Ollama => new JsonObject { ["error"] = $"Key {Key} is not welcome." },
        _ => new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = $"Key {Key} is not welcome.",
                ["type"] = "server_error",
                ["param"] = null,
                ["code"] = status == 429 ? "rate_limit_exceeded" : null,
            },
        },
    };
}
