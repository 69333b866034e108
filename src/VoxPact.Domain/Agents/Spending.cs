namespace VoxPact.Domain.Agents;

/// <summary>
/// What an agent's posts may cost in a calendar month (UTC). It counts what was posted, whatever became of it later:
/// a limit that refills when jobs end would let an agent out of hand spend it many times over.
/// </summary>
public static class Spending
{
    /// <summary>Years × 12 + months, so that a later month has a larger number.</summary>
    public static int MonthOf(long us)
    {
        var day = DateTimeOffset.UnixEpoch.AddTicks(us * 10);
        return day.Year * 12 + day.Month - 1;
    }

    /// <summary>When that month began.</summary>
    public static long StartOfMonth(long us)
    {
        var day = DateTimeOffset.UnixEpoch.AddTicks(us * 10);
        return (new DateTimeOffset(day.Year, day.Month, 1, 0, 0, 0, TimeSpan.Zero) - DateTimeOffset.UnixEpoch).Ticks
            / 10;
    }

    /// <summary>What was spent in the month of <paramref name="nowUs"/>.</summary>
    public static Money Spent(Agent agent, long nowUs) =>
        agent.SpendingMonth == MonthOf(nowUs) ? new Money(agent.SpentMinor) : Money.Zero;

    /// <summary>The agent after it spent the amount, or the refusal that says what remains.</summary>
    public static (Agent? Agent, Refusal? Refusal) Spend(Agent agent, Money amount, long nowUs, Policy policy)
    {
        if (agent.MonthlyLimitMinor is not { } limit) return (agent, null);
        var spent = Spent(agent, nowUs);
        if (spent + amount > new Money(limit))
        {
            var left = Money.Max(new Money(limit) - spent, Money.Zero);
            return (null, new Refusal(RefusalCode.MonthlyLimitExceeded,
                $"No payment of {policy.Show(amount)}: it would pass this agent's monthly_limit of "
                + $"{policy.Show(new Money(limit))}, of which {policy.Show(left)} remains this month. Change it with "
                + "PATCH /v1/agents/me, or post next month.")
            { Left = SpendingLeft.Of(new Money(limit), spent, policy) });
        }
        return (agent with { SpendingMonth = MonthOf(nowUs), SpentMinor = (spent + amount).Minor }, null);
    }

    /// <summary>A post came to nothing before there was a job: it is as if it had never been.</summary>
    public static Agent GiveBack(Agent agent, Money amount, long postedUs)
    {
        bool counts = agent.MonthlyLimitMinor is not null && agent.SpendingMonth == MonthOf(postedUs);
        return counts ? agent with { SpentMinor = Math.Max(0, agent.SpentMinor - amount.Minor) } : agent;
    }
}
