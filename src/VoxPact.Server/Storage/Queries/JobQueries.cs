using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Jobs with what hangs on them: terms, bids, submissions, notes.</summary>
internal static class JobQueries
{
    private static readonly int TermsAt = Tables.Jobs.Columns.Count;
    private static readonly int AfterTerms = TermsAt + Tables.Terms.Columns.Count;
    private static readonly string JobAndTerms = $"{Tables.Jobs.Select("j")}, {Tables.Terms.Select("t")}";

    private static readonly string OneSql =
        $"select {JobAndTerms}, "
        + "(select n.note from job_notes n where n.job_id = j.id order by n.sequence desc limit 1), s.verdict, "
        + $"c.job_id, {Tables.CounterOffers.Select("c")} "
        + "from jobs j join job_terms t on t.job_id = j.id "
        + "left join submissions s on s.job_id = j.id and s.number = j.submissions "
        + "left join counter_offers c on c.job_id = j.id where j.id = $1";

    private static readonly string OpenSql =
        $"select {JobAndTerms} from open_listings l "
        + "join jobs j on j.id = l.job_id join job_terms t on t.job_id = j.id join agents b on b.id = j.buyer_agent "
        + "where l.job_id < $1 and l.job_id >= $2 and l.amount_minor >= $3 and l.amount_minor <= $4 "
        + $"and b.status = {(int)AgentStatus.Active}";

    private static readonly string AssignedSql =
        $"select {JobAndTerms} from jobs j join job_terms t on t.job_id = j.id where j.worker_agent = $1 and j.id < $2 "
        + $"and j.closed is null and j.state in ({(int)JobState.Offered}, {(int)JobState.Active}) "
        + "order by j.id desc limit $3";

    private static readonly string PostedSinceSql =
        "select coalesce(sum(case when part_number = 0 then amount_minor when part_number = 1 then "
        + "(select sum(p.amount_minor) from job_parts p where p.series_id = jobs.id) else 0 end), 0) from jobs "
        + $"where buyer_agent = {CallerQueries.Id} and created_us >= $2 and id >= $3";

    private static readonly string PartsSql =
        $"select {Tables.Parts.Select("p")}, j.state, j.closed from job_parts p left join jobs j on j.id = p.job_id "
        + "where p.series_id = $1 order by p.number";

    private static readonly string BidsSql =
        $"select j.buyer_agent, j.state, {Tables.Bids.Select("b")} "
        + "from jobs j left join bids b on b.job_id = j.id where j.id = $1 order by b.id";

    private static readonly string SubmissionsSql =
        $"select j.buyer_agent, j.worker_agent, s.number, {Tables.Submissions.Select("s")} "
        + "from jobs j left join submissions s on s.job_id = j.id where j.id = $1 order by s.number";

    private const string VerdictsSql =
        "select j.buyer_agent, j.worker_agent, s.verdict "
        + "from jobs j left join submissions s on s.job_id = j.id where j.id = $1 order by s.number";

    private static readonly string ToJudgeSql =
        $"select {JobAndTerms}, {Tables.Submissions.Select("s")} "
        + "from jobs j join job_terms t on t.job_id = j.id join submissions s on s.job_id = j.id "
        + "where j.id = $1 and s.number = $2";

    private static readonly string EvidenceSql =
        $"select j.buyer_agent, j.worker_agent, e.id, {Tables.Evidence.Select("e")} "
        + "from jobs j left join evidence e on e.job_id = j.id where j.id = $1 order by e.id";

    private static readonly string MessagesSql =
        $"select {Tables.Messages.Select()} from messages where job_id = $1 and id > $2 order by id limit $3";

    // Of the newest thousand on each side: to count among all there ever were would cost more with every job.
    private static readonly string ActiveSql = "select count(*) from ("
        + "select id, state from (select id, state from jobs where buyer_agent = $1 and closed is null "
        + "order by id desc limit 1000) as b "
        + "union "
        + "select id, state from (select id, state from jobs where worker_agent = $1 and closed is null "
        + "order by id desc limit 1000) as w"
        + $") as both_sides where state in ({string.Join(", ", Enum.GetValues<JobState>()
            .Where(state => JobWords.StatusOf(state) == "active").Select(state => (int)state))})";

    /// <summary>How many of an agent's newest jobs are active.</summary>
    public static Statement<long> ActiveOf(Guid agent) => new(ActiveSql, [agent], row => row.Long(0));

    public sealed record BothParties(Guid Buyer, Guid? Worker, long? OfferedUs);

    public sealed record WithTerms(Job Job, JobTerms Terms);

    /// <summary>A job as its parties see it: with the newest note and the verdict on the newest submission.</summary>
    public sealed record Whole(
        Job Job, JobTerms Terms, string? Note, string? Verdict, CounterOffer? CounterOffer);

    public sealed record WithEvidence(Guid Buyer, Guid? Worker, Evidence? Evidence);

    public sealed record WithBid(Guid Buyer, JobState State, Bid? Bid);

    public sealed record WithSubmission(Guid Buyer, Guid? Worker, Submission? Submission);

    public sealed record WithVerdict(Guid Buyer, Guid? Worker, string? Verdict);

    public sealed record ToJudge(Job Job, JobTerms Terms, Submission Submission);

    public static Statement<Whole> One(Guid job) => new(OneSql, [job], row => new Whole(
        Tables.Jobs.Read(row), Tables.Terms.Read(row,
            TermsAt), row.TextOrNull(AfterTerms), row.TextOrNull(AfterTerms + 1),
        row.IsNull(AfterTerms + 2) ? null : Tables.CounterOffers.Read(row, AfterTerms + 3)));

    /// <summary>
    /// The party's jobs in these states, below an id, newest first. Two short walks down an index each, then merged:
    /// the cost is the page's, not the history's.
    /// </summary>
    public static Statement<WithTerms> OfParty(Guid agent, IReadOnlyList<JobState> states, Guid below, int limit)
    {
        string where = states.Count == 0
            ? "false"
            : $"state in ({string.Join(", ", states.Select(state => (int)state))})";
        // Both databases have an index of the few jobs that are not over.
        if (!states.Any(state => state is JobState.Completed or JobState.Cancelled)) where += " and closed is null";
        string side(string party, string alias) =>
            $"select * from (select {Tables.Jobs.Select()} from jobs where {party} = $1 and id < $2 and {where} "
            + $"order by id desc limit $3) as {alias}";
        string both = $"{side("buyer_agent", "b")} union {side("worker_agent", "w")}";
        return new($"select {JobAndTerms} from ({both}) as j join job_terms t on t.job_id = j.id "
            + "order by j.id desc limit $3", [agent, below, limit], ReadWithTerms);
    }

    /// <summary>What a worker is to work on, below an id, newest first.</summary>
    public static Statement<WithTerms> AssignedTo(Guid worker, Guid below, int limit) =>
        new(AssignedSql, [worker, below, limit], ReadWithTerms);

    /// <summary>What is asked of open jobs: a budget, and capabilities of which one is enough.</summary>
    public sealed record OpenFilter(long LeastMinor, long MostMinor, IReadOnlyList<string> Capabilities)
    {
        /// <summary>
        /// How many listings a page may look at before it ends, short or empty, and its cursor goes on; null where
        /// each of them answers. The texts of jobs cost more to look at than amounts.
        /// </summary>
        public int? Far => Capabilities.Count > 0 ? 2_000
            : LeastMinor > 0 || MostMinor < long.MaxValue ? 10_000 : null;
    }

    /// <summary>The listing so far below an id, if there are as many.</summary>
    public static Statement<Guid> OpenAhead(Guid below, int far) => new(
        $"select job_id from open_listings where job_id < $1 order by job_id desc limit 1 offset {far - 1}",
        [below], row => row.Guid(0));

    /// <summary>
    /// Jobs open for bids, below one id and down to another, newest first, that answer the filter.
    /// </summary>
    public static Statement<WithTerms> Open(Guid below, Guid end, OpenFilter filter, int limit)
    {
        // The list is stored as JSON; a word of it is found with its quotes, in both databases' common language.
        var asked = filter.Capabilities.Select((_, i) =>
            $"replace(t.folded_capabilities, ${i + 6}, '') <> t.folded_capabilities");
        string only = filter.Capabilities.Count == 0 ? "" : $" and ({string.Join(" or ", asked)})";
        return new($"{OpenSql}{only} order by l.job_id desc limit $5",
            [below, end, filter.LeastMinor, filter.MostMinor, limit, .. filter.Capabilities.Select(StoredJson.Quoted)],
            ReadWithTerms);
    }

    /// <summary>A part as it was agreed; the state of its job once there is one, and why that ended.</summary>
    public sealed record PartAndJob(JobPart Part, JobState? State, ClosedReason? Closed);

    /// <summary>The parts of a job in parts, in their order.</summary>
    public static Statement<PartAndJob> Parts(Guid series) => new(PartsSql, [series], row => new PartAndJob(
        Tables.Parts.Read(row), (JobState?)row.IntOrNull(Tables.Parts.Columns.Count),
        (ClosedReason?)row.IntOrNull(Tables.Parts.Columns.Count + 1)));

    /// <summary>
    /// What the key's agent has posted since then, in minor units; a job in parts counts whole with its first.
    /// </summary>
    public static Statement<long> PostedSince(byte[] keyHash, long sinceUs) =>
        new(PostedSinceSql, [keyHash, sinceUs, Domain.Id.FirstAt(sinceUs)], row => row.Long(0));

    /// <summary>At least one row when the job exists, without a bid when it has none.</summary>
    public static Statement<WithBid> Bids(Guid job) => new(BidsSql, [job], row => new WithBid(
        row.Guid(0), (JobState)row.Int(1), row.IsNull(2) ? null : Tables.Bids.Read(row, 2)));

    /// <summary>At least one row when the job exists, without a submission when it has none.</summary>
    public static Statement<WithSubmission> Submissions(Guid job) =>
        new(SubmissionsSql, [job], row => new WithSubmission(
        row.Guid(0), row.GuidOrNull(1), row.IsNull(3) ? null : Tables.Submissions.Read(row, 3)));

    /// <summary>At least one row when the job exists; without a verdict where there is none yet.</summary>
    public static Statement<WithVerdict> Verdicts(Guid job) => new(VerdictsSql, [job], row => new WithVerdict(
        row.Guid(0), row.GuidOrNull(1), row.TextOrNull(2)));

    /// <summary>At least one row when the job exists, without evidence when it has none.</summary>
    public static Statement<WithEvidence> Evidence(Guid job) => new(EvidenceSql, [job], row => new WithEvidence(
        row.Guid(0), row.GuidOrNull(1), row.IsNull(2) ? null : Tables.Evidence.Read(row, 3)));

    /// <summary>An agent's own bids, below an id, newest first.</summary>
    public static Statement<Bid> BidsOf(Guid bidder, Guid below, int limit) => new(
        $"select {Tables.Bids.Select()} from bids where bidder = $1 and id < $2 order by id desc limit $3",
        [bidder, below, limit], row => Tables.Bids.Read(row));

    public static Statement<Guid> BidderOf(Guid bid) =>
        new("select bidder from bids where id = $1", [bid], row => row.Guid(0));

    public static Statement<BothParties> Parties(Guid job) => new(
        "select buyer_agent, worker_agent, offered_us from jobs where id = $1", [job],
        row => new BothParties(row.Guid(0), row.GuidOrNull(1), row.LongOrNull(2)));

    /// <summary>What was said on a job, above an id, oldest first.</summary>
    public static Statement<Message> Messages(Guid job, Guid above, int limit) =>
        new(MessagesSql, [job, above, limit], row => Tables.Messages.Read(row));

    public static Statement<ToJudge> Submission(Guid job, long number) =>
        new(ToJudgeSql, [job, number], row => new ToJudge(
        Tables.Jobs.Read(row), Tables.Terms.Read(row, TermsAt), Tables.Submissions.Read(row, AfterTerms)));

    /// <summary>At most so many unaccepted jobs end for one chargeback; what they do not cover is owed.</summary>
    public const int UnacceptedAtOnce = 500;

    /// <summary>Jobs of a buyer's owner whose money is held and that nobody accepted yet, the newest first.</summary>
    public static Statement<Guid> UnacceptedOf(Guid owner) => new(
        "select j.id from jobs j join agents a on a.id = j.buyer_agent where a.owner_id = $1 "
        + "and j.closed is null and j.state in ($2, $3) "
        + "order by j.id desc limit $4",
        [owner, (int)JobState.Open, (int)JobState.Offered, UnacceptedAtOnce], row => row.Guid(0));

    private static WithTerms ReadWithTerms(IRow row) => new(Tables.Jobs.Read(row), Tables.Terms.Read(row, TermsAt));
}
