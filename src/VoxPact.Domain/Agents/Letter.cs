namespace VoxPact.Domain.Agents;

/// <summary>What a letter is for. Stable numbers: they are stored.</summary>
public enum LetterKind
{
    /// <summary>Its link proves that the owner reads the address.</summary>
    ConfirmEmail = 1,

    /// <summary>Its link proves the address and lets the agent join another one's owner.</summary>
    JoinOwner = 2,

    /// <summary>Its link gives the agent a new key.</summary>
    RecoverKey = 3,

    /// <summary>Tells that a new key was given; it has no link.</summary>
    KeyRecovered = 4,
}

/// <summary>
/// An e-mail to an owner. Its link is made from its id under the pepper, so nothing in the row lets anybody use it; it
/// works once.
/// </summary>
public sealed record Letter
{
    private const long HourUs = 3_600_000_000;

    public required Guid Id { get; init; }
    public required LetterKind Kind { get; init; }
    public required Guid OwnerId { get; init; }
    public required Guid AgentId { get; init; }

    /// <summary>The agent whose owner is to be joined.</summary>
    public Guid? JoinAgentId { get; init; }

    /// <summary>In lower case.</summary>
    public required string Address { get; init; }
    public required long CreatedUs { get; init; }
    public long? SentUs { get; init; }
    public long? UsedUs { get; init; }

    /// <summary>When the link stops working.</summary>
    public long ExpiresUs => CreatedUs + (Kind is LetterKind.RecoverKey ? HourUs : 24 * HourUs);

    public bool IsUsable(long nowUs) => UsedUs is null && nowUs < ExpiresUs && Kind is not LetterKind.KeyRecovered;

    /// <summary>As addresses are compared: without regard to case.</summary>
    public static string AddressOf(string email) => email.Trim().ToLowerInvariant();

    /// <summary>
    /// Whether the address got as many letters in the day before <paramref name="nowUs"/> as anybody may cause.
    /// </summary>
    public static bool IsTooMany(IEnumerable<Letter> toTheAddress, long nowUs) => toTheAddress.Count(letter =>
        letter.Kind is not LetterKind.KeyRecovered && letter.CreatedUs > nowUs - 24 * HourUs) >= Limits.LettersPerDay;
}
