namespace VoxPact.Server.Engine;

/// <summary>
/// Which rows a batch needs, gathered from its commands before anything is loaded. The lane loads them in this
/// order of tables and by id within each, so that nodes cannot deadlock.
/// </summary>
internal sealed class LoadPlan
{
    /// <summary>Callers, by the hash of their key; with <see cref="CallersToChange"/> their rows are locked.</summary>
    public List<byte[]> Callers { get; } = [];
    public List<byte[]> CallersToChange { get; } = [];

    /// <summary>Callers that use a named key: the key and its agent; likewise.</summary>
    public List<byte[]> NamedCallers { get; } = [];
    public List<byte[]> NamedCallersToChange { get; } = [];

    /// <summary>Callers whose agent's named keys, or approvals, are needed, all of them.</summary>
    public List<byte[]> KeysOfCallers { get; } = [];
    public List<byte[]> ApprovalsOfCallers { get; } = [];

    /// <summary>Named keys by id; their agents must be locked when they change.</summary>
    public HashSet<Guid> Keys { get; } = [];

    /// <summary>
    /// Callers of whose agents one job that is not over, and one live bid, is needed, if there are any.
    /// </summary>
    public List<byte[]> TiesOfCallers { get; } = [];

    /// <summary>Deleted agents whose texts go with this batch.</summary>
    public HashSet<Guid> Erase { get; } = [];

    /// <summary>Letters, by id or all to an address.</summary>
    public HashSet<Guid> Letters { get; } = [];
    public HashSet<string> LettersTo { get; } = [];

    /// <summary>Stored answers: of the agent with this key (or of nobody, when null) under this scope.</summary>
    public List<(byte[]? KeyHash, byte[] Scope)> Answers { get; } = [];

    /// <summary>Stored answers by their own key, for settlements that fill them in.</summary>
    public List<(Guid AgentId, byte[] Scope)> AnswersOf { get; } = [];
    public HashSet<Guid> Agents { get; } = [];
    public HashSet<Guid> AgentsToChange { get; } = [];

    /// <summary>Reserved names, by their keys and by what they look like.</summary>
    public HashSet<string> Names { get; } = [];
    public HashSet<string> Skeletons { get; } = [];
    public HashSet<Guid> Jobs { get; } = [];

    /// <summary>Jobs whose immutable texts are needed too.</summary>
    public HashSet<Guid> Terms { get; } = [];

    /// <summary>Jobs whose next part is needed; they must be locked when it changes.</summary>
    public HashSet<Guid> PartsAfter { get; } = [];

    /// <summary>Jobs whose bids are needed, all of them.</summary>
    public HashSet<Guid> Bids { get; } = [];

    /// <summary>Jobs whose counter-offer is needed.</summary>
    public HashSet<Guid> CounterOffers { get; } = [];

    /// <summary>Jobs whose evidence is needed, all of it.</summary>
    public HashSet<Guid> Evidence { get; } = [];

    /// <summary>Jobs whose files are needed, all of them.</summary>
    public HashSet<Guid> Files { get; } = [];

    /// <summary>What is known of works with these prints, of the workers of these jobs.</summary>
    public HashSet<(Guid Job, byte[] Print)> Delivered { get; } = [];

    /// <summary>Jobs whose reviews are needed, both of them.</summary>
    public HashSet<Guid> Reviews { get; } = [];
    public HashSet<Guid> Owners { get; } = [];

    /// <summary>Owners that are known only through a caller, an agent or a job.</summary>
    public List<byte[]> OwnersOfCallers { get; } = [];
    public HashSet<Guid> OwnersOfAgents { get; } = [];
    public HashSet<Guid> OwnersOfJobs { get; } = [];

    /// <summary>Owners whose cards are needed.</summary>
    public HashSet<Guid> Cards { get; } = [];

    /// <summary>Jobs whose place in the queue for money is needed.</summary>
    public HashSet<Guid> FundingRequests { get; } = [];
    public HashSet<Guid> Operations { get; } = [];
    public HashSet<string> StripeEvents { get; } = [];
    public HashSet<string> Settings { get; } = [];
    public HashSet<string> SettingsToChange { get; } = [];

    /// <summary>How much due work of a queue is wanted, skipping what others hold.</summary>
    public List<(int Queue, int Limit)> Claims { get; } = [];

    /// <summary>Webhook endpoints, by id or all of a caller's agent.</summary>
    public HashSet<Guid> Endpoints { get; } = [];
    public List<byte[]> EndpointsOfCallers { get; } = [];
    public List<(Guid EndpointId, Guid Subject, int Sequence)> Deliveries { get; } = [];
    public List<(Guid EndpointId, Guid Subject, int Sequence)> DeadDeliveries { get; } = [];

    /// <summary>What is old and goes with this batch.</summary>
    public ForgetPlan? Forget { get; set; }

    /// <summary>Business time and real time when the plan was made, for claims.</summary>
    public required long NowUs { get; init; }
    public required long RealNowUs { get; init; }
}

/// <summary>Of each kind that is kept for a while only, so many rows at most from before a business time.</summary>
internal sealed record ForgetPlan(long BeforeUs, int Limit);
