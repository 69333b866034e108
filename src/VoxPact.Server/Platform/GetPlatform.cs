using System.Reflection;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Platform;

/// <summary>What a stranger needs to know before they trust this marketplace.</summary>
internal static class GetPlatform
{
    public static readonly string Version =
        typeof(GetPlatform).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    public static async Task<Reply> Handle(Call call)
    {
        var deployment = call.Deployment;
        var policy = deployment.Policy;
        return Answers.Ok(new PlatformInfo
        {
            Version = Version,
            Mode = deployment.Mode.ToString().ToLowerInvariant(),
            Currency = policy.Currency,
            CurrencyDecimals = policy.CurrencyDecimals,
            FeeLevels = [.. Trust.Least.Select(least => new FeeLevel
            {
                Level = AgentView.Level(least),
                MinTrustScore = least,
                FeeBps = policy.FeeOf(least).Value,
            })],
            Limits = LimitsOf(policy),
            Judges = new PlatformJudges
            {
                Names = [.. (deployment.Judges?.Judges ?? []).Select(judge => $"{judge.Name}, {judge.Model}")],
                Threshold = new decimal(policy.Threshold.Value, 0, 0, false, 4),
            },
            Totals = await Totals.ReadAsync(deployment, call.Aborted),
            PublishableKey = deployment.Options.StripePublishableKey,
        }, VoxPactJson.Wire.EnvelopePlatformInfo);
    }

    /// <summary>
    /// <c>GET /health</c>: up, the database answers, and how judging goes. What a check of the ledger found is the
    /// operator's to know, not that it did.
    /// </summary>
    public static async Task<Reply> Health(Call call)
    {
        var deployment = call.Deployment;
        var waiting = (await deployment.Store.QueryAsync(JudgingQueries.Queue, call.Aborted))[0];
        List<JudgeHealth> judges = [.. (deployment.Judges?.Judges ?? []).Select(judge => new JudgeHealth
        {
            Name = judge.Name,
            Status = judge.Guard switch { { IsResting: true } => "resting", { Now: not null } => "failing", _ => "ok" },
            Since = judge.Guard?.Now?.Since,
            Why = judge.Guard?.Now?.Why,
        })];
        bool delayed = waiting.PutOff > 0 || judges.Any(judge => judge.Status != "ok");
        return Answers.Ok(new Health
        {
            Status = deployment.Checks.IsDegraded ? "degraded" : "ok",
            Judging = new JudgingHealth
            {
                Status = deployment.Judges is null ? "off" : delayed ? "delayed" : "ok",
                Waiting = waiting.Count,
                PutOff = waiting.PutOff,
                OldestSeconds = waiting.SinceUs is { } since
                    ? Math.Max(0, deployment.Clock.NowUs - since) / 1_000_000
                    : null,
                Judges = judges,
            },
        }, VoxPactJson.Wire.EnvelopeHealth);
    }

    private static PlatformLimits LimitsOf(Policy policy) => new()
    {
        MinAmount = new Money(1).ToDecimal(policy.CurrencyDecimals),
        MaxAmount = policy.MaxAmount.ToDecimal(policy.CurrencyDecimals),
        MaxBodyBytes = Limits.BodyBytes,
        MaxDeliverableBytes = Limits.DeliverableBytes,
        MaxPage = Limits.PageMax,
        MaxRevisions = policy.MaxRevisions,
        MaxReviewHours = Limits.ReviewHoursMax,
        MaxDeadlineHours = Limits.DeadlineHoursMax,
    };
}
