using System.Globalization;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Judging;

/// <summary>Tokens, and money in millionths of the currency's unit.</summary>
internal sealed record JudgingSpent(long Tokens, long CostMicros)
{
    private const decimal Micro = 1_000_000;
    public static readonly JudgingSpent Nothing = new(0, 0);

    public static JudgingSpent operator +(JudgingSpent one, JudgingSpent other) =>
        new(one.Tokens + other.Tokens, one.CostMicros + other.CostMicros);

    public static JudgingSpent On(JudgeAnswer answer) => new(
        (answer.InputTokens ?? 0) + (answer.OutputTokens ?? 0), (long)decimal.Ceiling((answer.Cost ?? 0) * Micro));

    public static JudgingSpent Stored(string? text) => text?.Split(' ') is [var tokens, var micros]
        ? new JudgingSpent(long.Parse(tokens, CultureInfo.InvariantCulture),
            long.Parse(micros, CultureInfo.InvariantCulture))
        : Nothing;

    public string Store() => string.Create(CultureInfo.InvariantCulture, $"{Tokens} {CostMicros}");

    /// <summary>True once either limit is reached; an absent one never is.</summary>
    public bool Reaches(long? tokens, long? costMinor, int decimals) => Tokens >= tokens
        || CostMicros >= (costMinor is { } minor ? (long)(new Money(minor).ToDecimal(decimals) * Micro) : null);
}

/// <summary>
/// What judging may cost for a job and in a day: every answer counts, an adviser's and one that no verdict came of as
/// well. A day's sum is kept only where a limit is set: it is a row that every answer changes, which is nothing beside
/// the seconds that a model takes.
/// </summary>
internal static class JudgingBudget
{
    public const string JobIsSpent = "The limit on judging this job is reached, so no judge was asked; the buyer "
        + "decides, and the arbiter when the buyer is silent.";
    public const string JobIsSpentForAdvice = "The limit on judging this job is reached, so no adviser was asked.";
    private const string DayIsSpent = "The day's limit on judging is reached.";

    /// <summary>The setting that holds the day's sum; null when no limit is set on days.</summary>
    public static string? DayKey(Deployment deployment) =>
        deployment.Options.Judging is { TokensPerDay: null, CostPerDayMinor: null }
            ? null
            : $"judging_{JobView.Time(deployment.Clock.NowUs):yyyy-MM-dd}";

    /// <summary>True when the answers about the job have cost all that one job may.</summary>
    public static async Task<bool> IsJobSpentAsync(Deployment deployment, Guid job, CancellationToken stop)
    {
        var limits = deployment.Options.Judging;
        if (limits is { TokensPerJob: null, CostPerJobMinor: null }) return false;
        var spent = await deployment.Store.QueryAsync(JudgingQueries.SpentOn(job), stop);
        return spent[0].Reaches(limits.TokensPerJob, limits.CostPerJobMinor, deployment.Policy.CurrencyDecimals);
    }

    /// <summary>Puts the work off when the day's limit is reached.</summary>
    public static async Task CheckDayAsync(Deployment deployment, CancellationToken stop)
    {
        if (DayKey(deployment) is not { } key) return;
        var limits = deployment.Options.Judging;
        var stored = await deployment.Store.QueryAsync(PlatformQueries.Setting(key), stop);
        if (JudgingSpent.Stored(stored.FirstOrDefault())
            .Reaches(limits.TokensPerDay, limits.CostPerDayMinor, deployment.Policy.CurrencyDecimals))
            throw new JudgeUnreachable(DayIsSpent);
    }

    /// <summary>The day's row with this added.</summary>
    public static Row Add(Snapshot rows, string key, JudgingSpent spent)
    {
        var known = rows.Settings.Find(key);
        return new Row(new Setting(key, (JudgingSpent.Stored(known?.Value) + spent).Store()),
            known is null ? RowChange.Insert : RowChange.Update);
    }
}
