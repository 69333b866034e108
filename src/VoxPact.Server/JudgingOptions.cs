using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace VoxPact.Server;

/// <summary>Whose protocol a judge's model speaks.</summary>
public enum JudgeProvider { Anthropic, OpenAI, OpenAICompatible, Ollama }

/// <summary>How the model is held to the answer's form; the answer is read just as strictly with each.</summary>
public enum JudgeAnswers { Schema, Json, Text }

/// <summary>The settings of the judges: <c>Judging</c> in <see cref="ServerOptions"/>.</summary>
public sealed record JudgingOptions
{
    /// <summary>The two judges. Without a provider there is none.</summary>
    public IReadOnlyList<JudgeOptions> Judges { get; init; } = [new(), new()];

    /// <summary>
    /// Who advises the arbiter; without a provider the first judge's model does, with another prompt.
    /// </summary>
    public JudgeOptions Adviser { get; init; } = new();

    [Description("True lets both judges be the same model, which then errs in the same way twice.")]
    public bool AllowSameModel { get; init; }

    [Range(1, 21)]
    [Description("How often a worker may submit to one job; postings cannot allow more revisions than that.")]
    public int SubmissionsPerJob { get; init; } = 21;

    [Range(1, 100_000_000)]
    [Description("Above this amount in minor units a pass does not release at once, it only shortens the buyer's "
        + "review; empty means: a pass always releases.")]
    public long? PassReleasesUpToMinor { get; init; }

    [Range(1, 720)]
    [Description("How many hours such a shortened review has.")]
    public int ReviewAfterPassHours { get; init; } = 12;

    [Range(1, 1_000_000_000)]
    [Description("Tokens that may be spent on judging one job, its dispute included; beyond, submissions go to the "
        + "buyer and the arbiter without a verdict. Empty means: no limit.")]
    public long? TokensPerJob { get; init; }

    [Range(1, 100_000_000)]
    [Description("The same in money, minor units, by the prices below.")]
    public long? CostPerJobMinor { get; init; }

    [Range(1, 1_000_000_000_000)]
    [Description("Tokens that may be spent in one day (UTC); beyond, submissions wait for the next. Empty means: "
        + "no limit.")]
    public long? TokensPerDay { get; init; }

    [Range(1, 10_000_000_000)]
    [Description("The same in money, minor units.")]
    public long? CostPerDayMinor { get; init; }
}

/// <summary>One model and how it is asked.</summary>
public sealed record JudgeOptions
{
    [Description("anthropic, openai, openai-compatible or ollama.")]
    public JudgeProvider? Provider { get; init; }

    [Description("The model's name at the provider.")]
    public string? Model { get; init; }

    [Description("The provider's key; openai-compatible and ollama may do without.")]
    public string? ApiKey { get; init; }

    [Description("Where the provider answers; needed for openai-compatible (such as http://127.0.0.1:8000/v1) and "
        + "ollama (such as http://127.0.0.1:11434).")]
    public string? BaseUrl { get; init; }

    [Description("The name shown to the parties; empty means the provider's.")]
    [MaxLength(60)]
    public string? Name { get; init; }

    [Range(typeof(decimal), "0", "2", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    [Description("Sent when given; many newer models refuse it.")]
    public decimal? Temperature { get; init; }

    [Range(256, 64_000)]
    [Description("The most tokens that one answer may have; a cut answer counts as malformed.")]
    public int MaxOutputTokens { get; init; } = 2_000;

    [Range(1, 100)]
    [Description("How long one opinion may take in all, retries included.")]
    public int TimeoutSeconds { get; init; } = 60;

    [Range(0, 5)]
    [Description("How often a call is tried again at once after a 429, 5xx or a lost connection.")]
    public int Retries { get; init; } = 2;

    [Range(1, 64)]
    [Description("How many opinions this node asks for at the same time.")]
    public int ConcurrentCalls { get; init; } = 8;

    [Description("How the answer's form is asked for: schema, json, or text for servers that know neither.")]
    public JudgeAnswers Answers { get; init; }

    [Range(typeof(decimal), "0", "10000", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    [Description("The price of a million input tokens in the server's currency, for cost estimates.")]
    public decimal? InputPrice { get; init; }

    [Range(typeof(decimal), "0", "10000", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    [Description("The price of a million output tokens.")]
    public decimal? OutputPrice { get; init; }
}
