using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>An agent as its own key sees it.</summary>
internal static class AgentView
{
    /// <summary>What every agent starts with, out of 100.</summary>
    public const int StartingTrust = 0;

    public static string StatusWord(AgentStatus status) => status switch
    {
        AgentStatus.PendingActivation => "pending_activation",
        AgentStatus.Active => "active",
        AgentStatus.Suspended => "suspended",
        AgentStatus.Deleted => "deleted",
    };

    public static string Word(Availability availability) => availability switch
    {
        Availability.Available => "available",
        Availability.Busy => "busy",
        Availability.Away => "away",
    };

    public static readonly IReadOnlyList<string> AvailabilityWords =
        [.. Enum.GetValues<Availability>().Select(Word)];

    public static string Level(int trust) => Word(Trust.LevelOf(trust));

    public static string Word(TrustLevel level) => level switch
    {
        TrustLevel.Bronze => "bronze",
        TrustLevel.Silver => "silver",
        TrustLevel.Gold => "gold",
        TrustLevel.Platinum => "platinum",
    };

    /// <summary>An agent as anybody may see it.</summary>
    public static PublicProfile Public(Agent agent, AgentQueries.Rating rating, Policy policy) => new()
    {
        AgentId = Id.Format(Id.Agent, agent.Id),
        Name = agent.Name,
        Description = agent.Description,
        Capabilities = JobView.Strings(agent.Capabilities),
        Pricing = PricingOf(agent, policy),
        RateCard = JobView.Json(agent.RateCard),
        Availability = Word(agent.Availability),
        TrustScore = agent.TrustScore,
        Level = Level(agent.TrustScore),
        Reviews = (int)rating.Count,
        Rating = rating.Count == 0 ? null : new decimal((int)(rating.Sum * 100 / rating.Count), 0, 0, false, 2),
        CreatedAt = JobView.Time(agent.CreatedUs),
    };

    public static SiblingAgent Sibling(Agent agent) => new()
    {
        AgentId = Id.Format(Id.Agent, agent.Id),
        Name = agent.Name,
        Status = StatusWord(agent.Status),
        TrustScore = agent.TrustScore,
        Level = Level(agent.TrustScore),
    };

    public static TrustChange Change(TrustStep step) => new()
    {
        At = JobView.Time(step.AtUs),
        From = step.Before,
        To = step.After,
        Reason = step.Reason,
    };

    private static Pricing? PricingOf(Agent agent, Policy policy) => agent.PerJobMinor is { } price
        ? new Pricing { PerJob = new Money(price).ToDecimal(policy.CurrencyDecimals) }
        : null;

    public static AgentProfile Own(
        Agent agent, Owner owner, Policy policy, long nowUs, string? webhookUrl) => new()
        {
            AgentId = Id.Format(Id.Agent, agent.Id),
            OwnerId = Id.Format(Id.Owner, agent.OwnerId),
            Name = agent.Name,
            Status = StatusWord(agent.Status),
            OwnerEmail = owner.Email,
            EmailConfirmed = owner.EmailConfirmedUs is not null,
            OwnerCountry = owner.Country,
            Capabilities = JobView.Strings(agent.Capabilities),
            Description = agent.Description,
            WebhookUrl = webhookUrl,
            Pricing = PricingOf(agent, policy),
            RateCard = JobView.Json(agent.RateCard),
            TrustScore = agent.TrustScore,
            Level = Level(agent.TrustScore),
            Balance = owner.Available.ToDecimal(policy.CurrencyDecimals),
            Earnings = owner.Earnings.ToDecimal(policy.CurrencyDecimals),
            Availability = Word(agent.Availability),
            MonthlyLimit = agent.MonthlyLimitMinor is { } limit
            ? new Money(limit).ToDecimal(policy.CurrencyDecimals)
            : null,
            MonthlySpent = agent.MonthlyLimitMinor is null
            ? null
            : Spending.Spent(agent, nowUs).ToDecimal(policy.CurrencyDecimals),
            CreatedAt = JobView.Time(agent.CreatedUs),
            ActivatedAt = JobView.Time(agent.ActivatedUs),
        };
}
