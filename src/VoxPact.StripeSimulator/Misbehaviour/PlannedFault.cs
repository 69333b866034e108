namespace VoxPact.StripeSimulator.Misbehaviour;

/// <summary>Every way in which the simulator can be told to misbehave; the names are those of the plan.</summary>
internal enum PlannedFault
{
    None,

    /// <summary>The connection is cut before anything is done.</summary>
    Reset,

    /// <summary>Done and committed, and the connection is cut instead of answering.</summary>
    Lost,

    /// <summary>Status 500, and nothing was done.</summary>
    Error,

    /// <summary>Status 500 although everything was done.</summary>
    ErrorExecuted,

    /// <summary>Status 500, and it is done some time later.</summary>
    Late,

    /// <summary>Status 409: a request with the same key is said to be under way.</summary>
    Busy,

    /// <summary>Status 429.</summary>
    Limited,

    /// <summary>Done, and answered after a pause.</summary>
    Slow,

    /// <summary>Done after a pause, even if nobody waits for the answer any more.</summary>
    Held,

    /// <summary>A charge declines, with one of the codes that Stripe documents.</summary>
    Decline,

    /// <summary>A charge is disputed some time later.</summary>
    Dispute,

    /// <summary>A refund comes back an hour later.</summary>
    RefundFails,

    /// <summary>An event arrives more than once.</summary>
    EventDuplicate,

    /// <summary>An event arrives a little after younger ones.</summary>
    EventReorder,

    /// <summary>An event arrives long after it happened.</summary>
    EventDelay,

    /// <summary>An event never arrives.</summary>
    EventDrop,
}
