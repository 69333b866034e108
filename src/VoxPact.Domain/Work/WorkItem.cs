namespace VoxPact.Domain.Work;

/// <summary>
/// Everything that happens later. Stable numbers: they are stored. The hundreds are queues, claimed apart, so
/// that slow judges or payments never hold up a timer.
/// </summary>
public enum WorkKind
{
    /// <summary>
    /// A job's due time came; acts only if the job still carries it (<see cref="WorkItem.Argument"/>).
    /// </summary>
    RunJobTimer = 101,

    /// <summary>A registration was never activated: forget it.</summary>
    ForgetRegistration = 102,

    /// <summary>A top-up was settled: fund, in order, the jobs that waited for it.</summary>
    FundJobs = 103,

    /// <summary>
    /// The hold on earnings of a new payer is over (subject: the job or bonus, <see cref="WorkItem.Argument"/>: net).
    /// </summary>
    MatureEarnings = 104,

    /// <summary>Forget what is kept for a while only; always scheduled.</summary>
    ForgetOld = 105,

    /// <summary>
    /// Write the search pages of agents that are older than pages are (subject: the agent to go on behind).
    /// </summary>
    WritePages = 106,

    /// <summary>A webhook endpoint was removed: forget what it was sent and what waited for it.</summary>
    ForgetEndpoint = 107,

    /// <summary>A webhook endpoint rested and does no more: what failed there is due now (subject: it).</summary>
    WakeEndpoint = 108,

    /// <summary>A file was announced and never confirmed: forget it (subject: the job, payload: the file).</summary>
    ForgetUpload = 110,

    /// <summary>A part of a job in parts was released: post the next one (subject: the released part).</summary>
    PostPart = 112,

    /// <summary>
    /// Jobs of an owner's agents were settled or reviewed, or some time has passed: assess their trust (subject: the
    /// owner).
    /// </summary>
    AssessTrust = 401,

    /// <summary>An agent was deleted: erase what it wrote elsewhere (subject: the agent).</summary>
    EraseTexts = 111,

    /// <summary>Hand a letter to the mail server (subject: the letter).</summary>
    SendLetter = 501,

    /// <summary>Somebody lost a key: write to the owner, if there is such an agent (payload: what was asked).</summary>
    RecoverKey = 502,

    /// <summary>Ask both judges about submission <see cref="WorkItem.Argument"/> of a job.</summary>
    JudgeSubmission = 201,

    /// <summary>
    /// Ask for a third opinion on submission <see cref="WorkItem.Argument"/> of a disputed job, for the arbiter.
    /// </summary>
    AdviseArbiter = 202,

    /// <summary>Ask the payment provider for what an operation says (subject: the operation).</summary>
    SendOperation = 301,

    /// <summary>Turn an owner's earnings into a transfer, if it may be paid (subject: the owner).</summary>
    PayOut = 302,

    /// <summary>Stripe told of something: fetch the object and act on what it says now (payload: the event).</summary>
    ReadStripeEvent = 304,

    /// <summary>Hold what the payment provider shows against what was decided here; always scheduled.</summary>
    Reconcile = 305,

    /// <summary>A saved card comes to the end of its time: look at the cards again (subject: the owner).</summary>
    LookAtCards = 306,
}

/// <summary>One thing to do later, written in the transaction that decided it, run at least once.</summary>
public sealed record WorkItem(WorkKind Kind, Guid Subject, long DueUs, long Argument = 0, string? Payload = null)
{
    /// <summary>1 timers and funding, 2 judging, 3 payments, 4 trust, 5 letters.</summary>
    public int Queue => (int)Kind / 100;
}
