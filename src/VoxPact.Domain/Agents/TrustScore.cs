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
/// The trust score, from settled jobs alone: 100 × E / (E + 15 + 3 × N), where E is what speaks for the agent and N
/// what speaks against it. The first job with an owner counts whole, each further one half of the one before, so many
/// different payers count and not many jobs; a single payer counts for nothing. Owners that the agent's own owner pays,
/// directly or through others, do not count at all: money that goes in circles earns no trust. Everything halves in
/// 180 days. Whole numbers only, in thousandths of a job.
/// </summary>
public static class TrustScore
{
    private const long Whole = 1_000;
    private const long Doubt = 15 * Whole;
    private const long HalfLifeUs = 180 * 24 * JobTimes.HourUs;
    private const int HalvingsUntilNothing = 10;

    /// <summary>So many owners are followed when circles are looked for; what lies beyond is unrelated.</summary>
    public const int CircleOwners = 2_000;

    /// <summary>Assesses one agent.</summary>
    /// <param name="jobs">Its settled jobs on both sides, in any order.</param>
    /// <param name="circle">Owners that its owner pays, directly or through others, and itself.</param>
    public static Assessment Assess(IReadOnlyList<SettledJob> jobs, IReadOnlySet<Guid> circle, long nowUs)
    {
        long good = 0, bad = 0;
        int payers = 0, counted = 0, circular = 0, failed = 0;
        foreach (var side in jobs.GroupBy(job => (job.Other, job.Worked)))
        {
            if (circle.Contains(side.Key.Other))
            {
                circular += side.Count();
                continue;
            }
            long forIt = 0;
            int halvings = 0;
            foreach (var job in side.OrderByDescending(job => job.SettledUs))
            {
                var (pro, contra) = Weigh(job);
                long left = halvings >= HalvingsUntilNothing ? 0 : Left(nowUs - job.SettledUs) >> halvings;
                forIt += pro * left / Whole;
                bad += contra * left / Whole;
                if (pro > 0) counted++;
                if (contra > 0) failed++;
                halvings++;
            }
            good += forIt;
            if (forIt > 0) payers++;
        }
        // One payer alone may be the agent's other hand.
        if (payers > 0) good = good * (payers - 1) / payers;
        long score = good == 0 ? 0 : Trust.Most * good / (good + Doubt + 3 * bad);
        return new Assessment((int)score, Reason(counted, payers, failed, circular));
    }

    /// <summary>The owners that money of <paramref name="start"/> reaches, itself among them.</summary>
    public static HashSet<Guid> Circle(Guid start, Func<Guid, IEnumerable<Guid>> paidBy)
    {
        var reached = new HashSet<Guid> { start };
        var next = new Queue<Guid>([start]);
        while (next.TryDequeue(out var owner))
        {
            foreach (var paid in paidBy(owner))
                if (reached.Count < CircleOwners && reached.Add(paid)) next.Enqueue(paid);
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

    private static string Reason(int counted, int payers, int failed, int circular)
    {
        string reason = $"{counted} good jobs with {payers} unrelated owners, {failed} bad ones";
        return circular == 0
            ? reason + "."
            : reason + $"; {circular} jobs do not count, for their money goes in a circle.";
    }
}
