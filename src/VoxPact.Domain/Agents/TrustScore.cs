using VoxPact.Domain.Jobs;

namespace VoxPact.Domain.Agents;

/// <summary>One settled job as it counts for one of its parties.</summary>
/// <param name="Other">The owner on the other side.</param>
/// <param name="Worked">True when the party was the worker, false when it was the buyer.</param>
/// <param name="Rating">What the other side said, 1 to 5; null when it said nothing.</param>
public sealed record SettledJob(Guid Other, bool Worked, ClosedReason Closed, long SettledUs, int? Rating);

/// <summary>A score and why it is what it is.</summary>
public sealed record Assessment(int Score, string Reason);

/// <summary>
/// The trust score, from settled jobs alone: 100 × E / (E + 15 + 3 × N), where E is what speaks for the agent
/// and N what speaks against it. The first job with an owner counts whole, each further one half of the one
/// before, so many different payers count and not many jobs; a single payer counts for nothing. A job whose
/// money goes in a circle, from the worker back to the payer, directly or through others, speaks for neither
/// of them. A good job speaks for its buyer with three tenths, all of them together with two jobs at most.
/// Bad jobs always count, on both sides. Everything halves in 180 days. Whole numbers only, in thousandths of
/// a job.
/// </summary>
public static class TrustScore
{
    private const long Whole = 1_000;
    private const long Doubt = 15 * Whole;
    private const long HalfLifeUs = 180 * 24 * JobTimes.HourUs;
    private const int HalvingsUntilNothing = 10;

    /// <summary>However many it hires, a buyer is trusted for two jobs' worth of it: silver takes work.</summary>
    private const long MostAsBuyer = 2 * Whole;

    /// <summary>So many owners are followed when circles are looked for; what lies beyond is unrelated.</summary>
    public const int CircleOwners = 2_000;

    /// <summary>Assesses one agent.</summary>
    /// <param name="jobs">Its settled jobs on both sides, in any order.</param>
    /// <param name="pays">Owners that its owner pays, directly or through others, and itself.</param>
    /// <param name="paidBy">Owners that pay its owner, directly or through others, and itself.</param>
    public static Assessment Assess(
        IReadOnlyList<SettledJob> jobs, IReadOnlySet<Guid> pays, IReadOnlySet<Guid> paidBy, long nowUs)
    {
        var (worker, buyer) = (new Tally(), new Tally());
        foreach (var side in jobs.GroupBy(job => (job.Other, job.Worked)))
        {
            var tally = side.Key.Worked ? worker : buyer;
            bool isCircular = (side.Key.Worked ? pays : paidBy).Contains(side.Key.Other);
            tally.Add(side, isCircular, nowUs);
        }
        long good = worker.Good + Math.Min(buyer.Good, MostAsBuyer), bad = worker.Bad + buyer.Bad;
        long score = good == 0 ? 0 : Trust.Most * good / (good + Doubt + 3 * bad);
        return new Assessment((int)score, Reason(worker, buyer));
    }

    /// <summary>The owners that are reached from <paramref name="start"/>, itself among them.</summary>
    public static HashSet<Guid> Circle(Guid start, Func<Guid, IEnumerable<Guid>> neighbours)
    {
        var reached = new HashSet<Guid> { start };
        var next = new Queue<Guid>([start]);
        while (next.TryDequeue(out var owner))
        {
            foreach (var other in neighbours(owner))
                if (reached.Count < CircleOwners && reached.Add(other)) next.Enqueue(other);
        }
        return reached;
    }

    /// <summary>What a job says for a party and against it, in thousandths of a whole good job.</summary>
    private static (long For, long Against) Weigh(SettledJob job)
    {
        long liked = job.Rating switch { null or 4 or 5 => Whole, 3 => 600, 2 => 200, _ => 0 };
        return (job.Worked, job.Closed) switch
        {
            (true, ClosedReason.Validated or ClosedReason.Approved or ClosedReason.Silence
                or ClosedReason.DisputeReleased) => (liked, 0),
            (true, ClosedReason.DisputeSplit) => (liked / 2, Whole / 2),
            (true, ClosedReason.Failed or ClosedReason.Expired or ClosedReason.Stale or ClosedReason.Dispute) =>
                (0, Whole),
            (false, ClosedReason.Validated or ClosedReason.Approved) => (liked * 3 / 10, 0),
            // Who never answers, or disputes what the arbiter finds good, is a worse customer.
            (false, ClosedReason.Silence) => (0, Whole / 4),
            (false, ClosedReason.DisputeReleased) => (0, Whole),
            (false, ClosedReason.DisputeSplit) => (0, Whole / 2),
            _ => (0, 0),
        };
    }

    /// <summary>What is left of a job's weight: half after each half-life, on a straight line between.</summary>
    private static long Left(long ageUs)
    {
        if (ageUs <= 0) return Whole;
        long halvings = ageUs / HalfLifeUs;
        if (halvings >= HalvingsUntilNothing) return 0;
        long whole = Whole >> (int)halvings;
        return whole - whole / 2 * (ageUs % HalfLifeUs / 1_000_000) / (HalfLifeUs / 1_000_000);
    }

    private static string Reason(Tally worker, Tally buyer)
    {
        string reason = $"{worker.Counted} good jobs with {worker.Owners} unrelated owners, {worker.Failed} bad ones";
        if (buyer.Counted + buyer.Failed > 0)
            reason += $"; as a buyer {buyer.Counted} good ones with {buyer.Owners} owners, {buyer.Failed} bad ones";
        int circular = worker.Circular + buyer.Circular;
        return circular == 0
            ? reason + "."
            : reason + $"; {circular} jobs do not count, for their money goes in a circle.";
    }

    /// <summary>What the jobs on one side, as worker or as buyer, add up to.</summary>
    private sealed class Tally
    {
        private long _good;

        public int Owners { get; private set; }
        public int Counted { get; private set; }
        public int Failed { get; private set; }
        public int Circular { get; private set; }
        public long Bad { get; private set; }

        /// <summary>One owner alone may be the agent's other hand, so one owner's share goes.</summary>
        public long Good => Owners == 0 ? 0 : _good * (Owners - 1) / Owners;

        /// <summary>Adds all jobs with one owner. What speaks against the agent always counts.</summary>
        public void Add(IEnumerable<SettledJob> jobs, bool isCircular, long nowUs)
        {
            long good = 0;
            int goods = 0, bads = 0;
            foreach (var job in jobs.OrderByDescending(job => job.SettledUs))
            {
                var (pro, contra) = Weigh(job);
                long left = Left(nowUs - job.SettledUs);
                if (contra > 0) Bad += contra * left / Whole >> Math.Min(bads++, HalvingsUntilNothing);
                if (pro > 0 && !isCircular) good += pro * left / Whole >> Math.Min(goods++, HalvingsUntilNothing);
                else if (pro > 0) Circular++;
            }
            _good += good;
            Failed += bads;
            Counted += goods;
            if (good > 0) Owners++;
        }
    }
}
