namespace VoxPact.Domain.Agents;

/// <summary>One thing that a key wants to spend on.</summary>
/// <param name="Capabilities">What the job asks for.</param>
/// <param name="RequestHash">Which request it is, for its approval.</param>
public sealed record Purchase(
    Money Amount, string Title, Guid? Worker, IReadOnlyList<string> Capabilities, byte[] RequestHash)
{
    /// <summary>What the job costs with it, where it only adds to one.</summary>
    public Money Whole { get; init; } = Amount;
}

/// <summary>What a key's mandate says to a purchase; pure.</summary>
public static class KeySpending
{
    private const long DayUs = 86_400_000_000;

    /// <summary>How long an approval is waited for, and how long it is good for.</summary>
    public const long ApprovalUs = 7 * DayUs;

    /// <summary>
    /// Exactly one is set: the key after the purchase, with the approval that it used up; a refusal; or the approval
    /// that must be asked for, which the refusal beside it names.
    /// </summary>
    public sealed record Verdict(AgentKey? Key, Approval? Used, Approval? Asked, Refusal? Refusal);

    /// <summary>What the key has spent on the day of <paramref name="nowUs"/> (UTC).</summary>
    public static Money Spent(AgentKey key, long nowUs) =>
        key.SpendingDay == DayOf(nowUs) ? new Money(key.SpentMinor) : Money.Zero;

    /// <param name="key">The key that is used.</param>
    /// <param name="purchase">What for.</param>
    /// <param name="open">The key's approvals that are neither used nor refused.</param>
    /// <param name="workers">The mandate's workers, and</param>
    /// <param name="capabilities">its capabilities, read; null where it has none.</param>
    /// <param name="newId">The id of an approval that must be asked for.</param>
    public static Verdict Spend(
        AgentKey key, Purchase purchase, IReadOnlyList<Approval> open, IReadOnlyList<Guid>? workers,
        IReadOnlyList<string>? capabilities, Guid newId, long nowUs, Policy policy)
    {
        if (OutsideOf(key, purchase, workers, capabilities) is { } outside) return Refused(outside);
        var mandate = key.Mandate;
        if (mandate.PerJobMinor is { } perJob && purchase.Whole > new Money(perJob))
            return Refused(Exceeded(key, "per_job", purchase, new Money(perJob), Money.Zero, policy));
        var spent = Spent(key, nowUs);
        if (mandate.PerDayMinor is { } perDay && spent + purchase.Amount > new Money(perDay))
            return Refused(Exceeded(key, "per_day", purchase, new Money(perDay), spent, policy));
        Approval? used = null;
        if (mandate.ApprovalAboveMinor is { } above && purchase.Whole > new Money(above))
        {
            var known = open.FirstOrDefault(one =>
                one.ExpiresUs > nowUs && one.RequestHash.AsSpan().SequenceEqual(purchase.RequestHash));
            if (known is not { State: ApprovalState.Approved })
                return Ask(key, purchase, known, open, newId, nowUs, policy);
            used = known;
        }
        var after = mandate.PerDayMinor is null
            ? key
            : key with { SpendingDay = DayOf(nowUs), SpentMinor = (spent + purchase.Amount).Minor };
        return new Verdict(after, used, null, null);
    }

    /// <summary>
    /// The refusal when the mandate does not allow this worker or these capabilities, whatever they cost.
    /// </summary>
    public static Refusal? OutsideOf(
        AgentKey key, Purchase purchase, IReadOnlyList<Guid>? workers, IReadOnlyList<string>? capabilities)
    {
        if (workers is not null && purchase.Worker is { } worker && !workers.Contains(worker))
            return Outside(key, "workers", "names other workers; hire one of them, or use another key");
        if (capabilities is null) return null;
        bool allowed = purchase.Capabilities.Count > 0
            && !Capability.Lacking(purchase.Capabilities, capabilities).Any();
        return allowed
            ? null
            : Outside(key, "capabilities", $"allows only: {string.Join(", ", capabilities)}; name some of them in "
                + "required_capabilities and no others, or use another key");
    }

    /// <summary>A post came to nothing before there was a job: it is as if it had never been.</summary>
    public static AgentKey GiveBack(AgentKey key, Money amount, long postedUs) =>
        key.SpendingDay == DayOf(postedUs)
            ? key with { SpentMinor = Math.Max(0, key.SpentMinor - amount.Minor) }
            : key;

    private static Verdict Refused(Refusal refusal) => new(null, null, null, refusal);

    private static Verdict Ask(
        AgentKey key, Purchase purchase, Approval? known, IReadOnlyList<Approval> open, Guid newId, long nowUs,
        Policy policy)
    {
        if (known is null && open.Count(one => one.ExpiresUs > nowUs) >= Limits.ApprovalsPerKey)
            return Refused(new Refusal(RefusalCode.OutsideMandate,
                $"The key {key.Name} already waits for {Limits.ApprovalsPerKey} approvals; have some of them decided "
                + "at /v1/approvals before it asks for more."));
        var asked = known ?? new Approval
        {
            Id = newId,
            AgentId = key.AgentId,
            KeyId = key.Id,
            RequestHash = purchase.RequestHash,
            Title = purchase.Title,
            Amount = purchase.Amount,
            Worker = purchase.Worker,
            State = ApprovalState.Pending,
            CreatedUs = nowUs,
            ExpiresUs = nowUs + ApprovalUs,
        };
        string id = Id.Format(Id.Approval, asked.Id);
        var above = new Money(key.Mandate.ApprovalAboveMinor!.Value);
        var refusal = new Refusal(RefusalCode.ApprovalRequired,
            $"The key {key.Name} needs approval above {policy.Show(above)}, and this is "
            + $"{policy.Show(purchase.Amount)}: "
            + $"have POST /v1/approvals/{id}/approve sent with a key that may manage the agent, then send this very "
            + "request again.")
        { ApprovalId = id };
        return new Verdict(null, null, known is null ? asked : null, refusal);
    }

    private static Refusal Outside(AgentKey key, string what, string rule) => new(RefusalCode.OutsideMandate,
        $"The mandate of the key {key.Name} ({what}) {rule}.");

    private static Refusal Exceeded(
        AgentKey key, string what, Purchase purchase, Money limit, Money spent, Policy policy)
    {
        var left = Money.Max(limit - spent, Money.Zero);
        return new Refusal(RefusalCode.KeyLimitExceeded,
            $"No payment of {policy.Show(purchase.Amount)}: it would pass the {what} limit of the key {key.Name}, "
            + $"{policy.Show(limit)}, of which {policy.Show(left)} remains. Spend less, or change the mandate with "
            + "PATCH /v1/keys/{id} and the agent's own key.")
        { Left = SpendingLeft.Of(limit, spent, policy) };
    }

    private static int DayOf(long us) => (int)(us / DayUs);
}
