namespace VoxPact.Domain;

/// <summary>
/// Every way in which a well-meant request can be refused: a closed list, in the order in which refusals win.
/// The wire code is the name in snake case; <c>Http/Problems</c> alone knows the status of each.
/// </summary>
public enum RefusalCode
{
    MalformedCredential,
    PayloadTooLarge,
    UnsupportedMediaType,
    MalformedJson,
    ValidationFailed,
    CopiedWork,
    UnknownCredential,
    OperatorOnly,
    IdempotencyKeyReused,
    AgentNotActive,
    AgentSuspended,
    ScopeMissing,
    NotFound,
    LinkExpired,
    MethodNotAllowed,
    Forbidden,
    OutsideMandate,
    IdempotencyInFlight,
    WrongState,
    NameTaken,
    AlreadyDone,
    NoSubmissionsLeft,
    ApprovalRequired,
    KeyLimitExceeded,
    MonthlyLimitExceeded,
    PaymentMethodRequired,
    PaymentDeclined,
    PaymentActionRequired,
    RateLimited,
    Overloaded,
    PaymentProviderUnavailable,
}

/// <summary>
/// An expected failure: a value, never an exception; it changes nothing. <paramref name="Sentence"/> says what to do.
/// <paramref name="Errors"/> names fields of the request; <paramref name="Link"/> is a page that a person must open.
/// </summary>
public sealed record Refusal(
    RefusalCode Code, string Sentence,
    IReadOnlyDictionary<string, string[]>? Errors = null, string? Link = null)
{
    /// <summary>What remains of a limit that would be passed, for refusals that are about one.</summary>
    public SpendingLeft? Left { get; init; }

    /// <summary>The approval that is waited for.</summary>
    public string? ApprovalId { get; init; }

    public static Refusal Invalid(string field, string sentence) =>
        new(RefusalCode.ValidationFailed, sentence, new Dictionary<string, string[]> { [field] = [sentence] });

    public static Refusal Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        new(RefusalCode.ValidationFailed, errors.First().Value[0], errors);

    public static readonly Refusal NotFound =
        new(RefusalCode.NotFound, "There is nothing here, or it is not yours; check the id and the API key.");

    public static readonly Refusal UnknownCredential =
        new(RefusalCode.UnknownCredential,
            "This API key or token is not known or no longer valid; send the newest key of your agent, or a new "
            + "token of POST /v1/agents/auth/token.");

    /// <summary>A named key is used for something that it was not made for.</summary>
    public static Refusal ScopeMissing(string name, string needed) => new(RefusalCode.ScopeMissing,
        $"The key {name} does not have the scope for this; it needs {needed}. Use another key of the agent.");

    public static readonly Refusal NotActive = new(RefusalCode.AgentNotActive,
        "This agent is not active yet; open the checkout_url, or ask for a fresh one at POST /v1/agents/me/checkout.");

    public static readonly Refusal Suspended = new(RefusalCode.AgentSuspended,
        "This agent is suspended by the operator of this server; ask them why before trying again.");

    public static Refusal Forbidden(string sentence) => new(RefusalCode.Forbidden, sentence);

    public static Refusal WrongState(string sentence) => new(RefusalCode.WrongState, sentence);
}

/// <summary>A limit in major units, what counts against it so far, and what remains.</summary>
public sealed record SpendingLeft(decimal Limit, decimal Spent, decimal Remaining)
{
    public static SpendingLeft Of(Money limit, Money spent, Policy policy)
    {
        int decimals = policy.CurrencyDecimals;
        return new(limit.ToDecimal(decimals), spent.ToDecimal(decimals),
            Money.Max(limit - spent, Money.Zero).ToDecimal(decimals));
    }
}
