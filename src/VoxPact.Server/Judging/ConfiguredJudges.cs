using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Microsoft.Extensions.AI;
using OllamaSharp;
using OpenAI;

namespace VoxPact.Server.Judging;

/// <summary>
/// Makes judges of settings. Address and key of each client are always said, so that no variable of the environment
/// ever decides where works are sent or who pays for it.
/// </summary>
internal static class ConfiguredJudges
{
    private const string AnthropicUrl = "https://api.anthropic.com";
    private const string OpenAIUrl = "https://api.openai.com/v1";
    private static readonly string[] s_numbers = ["first", "second"];

    /// <summary>True when both judges have a provider.</summary>
    public static bool AreThere(JudgingOptions options) => options.Judges.All(judge => judge.Provider is not null);

    /// <summary>What keeps these settings from being two judges; empty also when none is configured at all.</summary>
    public static IEnumerable<string> Problems(JudgingOptions options)
    {
        for (int i = 0; i < options.Judges.Count; i++)
            foreach (string problem in Problems(options.Judges[i], $"Judging:Judges:{i}")) yield return problem;
        foreach (string problem in Problems(options.Adviser, "Judging:Adviser")) yield return problem;
        if (options.Judges.Any(judge => judge.Provider is not null) && !AreThere(options))
            yield return "Judging:Judges: a verdict needs two judges; configure both, or none.";
        if (options.Adviser.Provider is not null && !AreThere(options))
            yield return "Judging:Adviser: an adviser without two judges has nothing to add; configure them too.";
        if (AreThere(options) && options.Judges[0].Name is { Length: > 0 } name
            && name.Equals(options.Judges[1].Name, StringComparison.OrdinalIgnoreCase))
            yield return $"Judging:Judges: both judges are named {name}; nobody could tell their opinions apart.";
        if (AreThere(options) && !options.AllowSameModel && IsSame(options.Judges[0], options.Judges[1]))
            yield return $"Judging:Judges: both judges are {options.Judges[0].Model}; take a second model, best of "
                + "another vendor, or set Judging:AllowSameModel.";
    }

    /// <summary>What works but should be known, as sentences for the start.</summary>
    public static IEnumerable<string> Warnings(JudgingOptions options)
    {
        if (!AreThere(options)) yield break;
        if (Address(options.Judges[0]) == Address(options.Judges[1]))
            yield return "Both judges are of one vendor: its outages and its errors hit both at once.";
        if (options is { CostPerDayMinor: null, TokensPerDay: null })
            yield return "No limit is set on what judging may cost a day: Judging:TokensPerDay, "
                + "Judging:CostPerDayMinor.";
    }

    /// <summary>Both judges, each with a prompt of its own.</summary>
    public static (Judge First, Judge Second) Open(JudgingOptions options, TimeProvider time) => (
        Open(options.Judges[0], s_numbers[0], PromptStyle.Checklist, time),
        Open(options.Judges[1], s_numbers[1], PromptStyle.Audit, time));

    /// <summary>Who advises the arbiter: a third model when one is configured, else the first judge's.</summary>
    public static Judge OpenAdviser(JudgingOptions options, TimeProvider time) => Open(
        options.Adviser.Provider is null ? options.Judges[0] : options.Adviser, "adviser", PromptStyle.Advice, time);

    private static Judge Open(JudgeOptions options, string place, PromptStyle style, TimeProvider time)
    {
        var provider = options.Provider!.Value;
        string name = string.IsNullOrEmpty(options.Name)
            ? $"{Word(provider)}-{place}"
            : options.Name;
        return new Judge(name, options.Model!, OpenClient(options, time), style)
        {
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            Guard = new JudgeGuard(options.ConcurrentCalls, time),
            Settings = options,
        };
    }

    private static IChatClient OpenClient(JudgeOptions options, TimeProvider time)
    {
        var http = ModelTransport.Open(options.Retries, time);
        var address = new Uri(Address(options));
        string key = string.IsNullOrEmpty(options.ApiKey) ? "none" : options.ApiKey;
        switch (options.Provider)
        {
            case JudgeProvider.Anthropic:
                return new AnthropicClient
                {
                    BaseUrl = address.ToString().TrimEnd('/'),
                    ApiKey = key,
                    AuthToken = null,
                    HttpClient = http,
                    MaxRetries = 0,
                    Timeout = TimeSpan.FromMinutes(5),
                }.AsIChatClient(options.Model!, options.MaxOutputTokens);
            case JudgeProvider.Ollama:
                http.BaseAddress = address;
                if (!string.IsNullOrEmpty(options.ApiKey))
                    http.DefaultRequestHeaders.Authorization = new("Bearer", key);
                return new OllamaApiClient(http, options.Model!);
            default:
                return new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions
                {
                    Endpoint = address,
                    Transport = new HttpClientPipelineTransport(http),
                    RetryPolicy = new ClientRetryPolicy(0),
                    NetworkTimeout = TimeSpan.FromMinutes(5),
                }).GetChatClient(options.Model!).AsIChatClient();
        }
    }

    /// <summary>As the settings write it.</summary>
    public static string Word(JudgeProvider provider) => provider switch
    {
        JudgeProvider.OpenAICompatible => "openai-compatible",
        _ => provider.ToString().ToLowerInvariant(),
    };

    private static string Address(JudgeOptions options) => string.IsNullOrEmpty(options.BaseUrl)
        ? options.Provider is JudgeProvider.Anthropic ? AnthropicUrl : OpenAIUrl
        : options.BaseUrl.TrimEnd('/');

    /// <summary>By name alone: the same model answers the same, whichever door it is asked at.</summary>
    private static bool IsSame(JudgeOptions one, JudgeOptions other) =>
        string.Equals(one.Model, other.Model, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Problems(JudgeOptions judge, string at)
    {
        if (judge.Provider is not { } provider)
        {
            if (new[] { judge.Model, judge.ApiKey, judge.BaseUrl }.Any(said => !string.IsNullOrEmpty(said)))
                yield return $"{at}:Provider is missing: say anthropic, openai, openai-compatible or ollama.";
            yield break;
        }
        if (string.IsNullOrEmpty(judge.Model))
            yield return $"{at}:Model is missing: the model's name at the provider.";
        if (provider is JudgeProvider.Anthropic && judge.Temperature is not null)
            yield return $"{at}:Temperature: Anthropic's library sends none; leave it out.";
        bool isKnown = provider is JudgeProvider.Anthropic or JudgeProvider.OpenAI;
        if (isKnown && string.IsNullOrEmpty(judge.ApiKey))
            yield return $"{at}:ApiKey is missing: {provider} answers nobody without a key.";
        if (!isKnown && string.IsNullOrEmpty(judge.BaseUrl))
            yield return $"{at}:BaseUrl is missing: say where the model answers.";
        if (judge.BaseUrl is { Length: > 0 } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
            yield return $"{at}:BaseUrl: \"{url}\" is no address such as https://models.example/v1.";
    }
}
