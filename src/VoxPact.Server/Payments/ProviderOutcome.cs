namespace VoxPact.Server.Payments;

/// <summary>Why nobody knows yet whether money moved.</summary>
internal enum UnknownReason
{
    /// <summary>No answer in time: send the same key again.</summary>
    TimedOut,

    /// <summary>The connection broke or was never made: send the same key again.</summary>
    ConnectionLost,

    /// <summary>409, the same key is still at work: send the same key again.</summary>
    InFlight,

    /// <summary>429: send the same key again, later.</summary>
    RateLimited,

    /// <summary>
    /// Our own key was refused: nothing happened, and an operator must act before the same key can pass.
    /// </summary>
    CredentialRefused,

    /// <summary>The bank has not decided: read.</summary>
    Processing,

    /// <summary>5xx, which Stripe calls indeterminate and keeps under the key: read, do not resend.</summary>
    ProviderFailed,

    /// <summary>
    /// The key was used with another body, by an older version of this program: read, do not resend.
    /// </summary>
    KeyReused,

    /// <summary>An answer that is not Stripe's form: read, do not resend.</summary>
    Unreadable,
}

/// <summary>What a call that moves money came to: a closed list, and never an exception.</summary>
internal abstract record ProviderOutcome
{
    private ProviderOutcome() { }

    /// <param name="ProviderId">Stripe's id of what was made: <c>pi_…</c> or <c>tr_…</c>.</param>
    public sealed record Succeeded(string ProviderId) : ProviderOutcome;

    /// <summary>A definite no: nothing moved, and the same key will say no again.</summary>
    /// <param name="Code">Stripe's decline code, else its error code, such as
    /// <c>insufficient_funds</c>.</param>
    /// <param name="Message">Stripe's sentence; for a card's decline it may be shown to the owner.</param>
    public sealed record Declined(string Code, string Message) : ProviderOutcome;

    /// <summary>
    /// The bank wants the owner present. Nothing moved yet, but it may when the owner acts.
    /// </summary>
    /// <param name="ProviderId">The charge, still open.</param>
    /// <param name="Message">Stripe's sentence.</param>
    /// <param name="Url"> The page where the owner proves to be there; null after an off-session attempt,
    /// until
    /// <see cref="StripeGateway.ConfirmChargeWithOwnerAsync"/> asks for one.
    /// </param>
    public sealed record ActionRequired(string ProviderId, string Message, string? Url) : ProviderOutcome;

    /// <summary>Nobody knows yet: keep the operation pending.</summary>
    public sealed record Unknown(UnknownReason Reason, string Why) : ProviderOutcome
    {
        /// <summary>
        /// True when the next step must be a read; false when the same key may simply be sent again.
        /// </summary>
        public bool ReadFirst => Reason >= UnknownReason.Processing;
    }
}
