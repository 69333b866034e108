using VoxPact.Domain.Jobs;

namespace VoxPact.Domain.Ledger;

/// <summary>What may be done with an operation that the provider, when asked, knows nothing of.</summary>
public enum NextSending
{
    /// <summary>The same key again: it is young, so however often it arrives, it acts once.</summary>
    SendAgain,

    /// <summary>The key cannot be sent any more; remember that a read showed nothing.</summary>
    NoteEmptyRead,

    /// <summary>Read again later.</summary>
    Wait,

    /// <summary>Two reads an hour apart showed nothing: it never happened, and a new key may be used.</summary>
    NewKey,

    /// <summary>As above, but only an operator may decide to send again.</summary>
    AskOperator,
}

/// <summary>
/// When the same idempotency key may be sent again. The provider may forget keys after 24 hours, and keeps its own
/// failures under them; so an old key, or one under which it failed, is only read.
/// </summary>
public static class SendingRules
{
    public const long KeySafeUs = 20 * JobTimes.HourUs;
    public const long ReadsApartUs = JobTimes.HourUs;

    /// <param name="operation">Pending, sent before, and not to be found at the provider just now.</param>
    /// <param name="mayRenew">False where only an operator may: transfers of real money.</param>
    /// <param name="nowUs">Business time.</param>
    public static NextSending AfterEmptyRead(Operation operation, bool mayRenew, long nowUs)
    {
        if (!operation.MustRead && nowUs - operation.FirstSentUs < KeySafeUs) return NextSending.SendAgain;
        if (operation.EmptyReadUs is not { } since) return NextSending.NoteEmptyRead;
        if (nowUs - since < ReadsApartUs) return NextSending.Wait;
        return mayRenew ? NextSending.NewKey : NextSending.AskOperator;
    }

    /// <summary>The same operation under a key of its own, as if it had never been sent.</summary>
    public static Operation Renew(Operation operation) => operation with
    {
        Generation = operation.Generation + 1,
        FirstSentUs = null,
        MustRead = false,
        EmptyReadUs = null,
    };
}
