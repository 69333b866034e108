using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Agents;

public sealed class TrustScoreTests
{
    private const long Day = 24 * JobTimes.HourUs;
    private const long Now = 1_000 * Day;
    private static readonly HashSet<Guid> s_nobody = [];

    [Theory]
    // jobs, payers, score
    [InlineData(0, 1, 0)]
    [InlineData(20, 1, 0)]
    [InlineData(2, 2, 6)]
    [InlineData(20, 10, 47)]
    [InlineData(20, 20, 55)]
    [InlineData(100, 50, 83)]
    [InlineData(400, 200, 95)]
    public void Many_payers_count_and_not_many_jobs(int jobs, int payers, int score) => Assert.Equal(score,
        TrustScore.Assess([.. Enumerable.Range(0, jobs).Select(i => Good(Owner(i % payers)))], s_nobody, s_nobody, Now).Score);

    [Fact]
    public void Twenty_jobs_of_one_payer_are_worth_less_than_three_of_three()
    {
        var many = Enumerable.Range(0, 20).Select(i => Good(Owner(i % 2))).ToList();
        var few = Enumerable.Range(0, 4).Select(i => Good(Owner(i))).ToList();
        Assert.True(Score(many) < Score(few));
    }

    [Fact]
    public void What_is_old_fades()
    {
        var fresh = Enumerable.Range(0, 20).Select(i => Good(Owner(i))).ToList();
        var old = fresh.Select(job => job with { SettledUs = Now - 180 * Day }).ToList();
        var ancient = fresh.Select(job => job with { SettledUs = Now - 5_000 * Day }).ToList();
        Assert.Equal((55, 38, 0), (Score(fresh), Score(old), Score(ancient)));
    }

    [Theory]
    [InlineData(true, ClosedReason.Failed)]
    [InlineData(true, ClosedReason.Expired)]
    [InlineData(true, ClosedReason.Dispute)]
    [InlineData(false, ClosedReason.Silence)]
    [InlineData(false, ClosedReason.DisputeReleased)]
    [InlineData(true, ClosedReason.DisputeSplit)]
    public void Bad_jobs_on_either_side_cost_trust(bool worked, ClosedReason closed)
    {
        var good = Enumerable.Range(0, 20).Select(i => Good(Owner(i))).ToList();
        var bad = Enumerable.Range(100, 3).Select(i => new SettledJob(Owner(i), worked, closed, Now, 2)).ToList();
        Assert.True(Score([.. good, .. bad]) < Score(good));
    }

    [Theory]
    [InlineData(null, 55)]
    [InlineData(5, 55)]
    [InlineData(3, 43)]
    [InlineData(2, 20)]
    [InlineData(1, 0)]
    public void Ratings_weigh_the_jobs(int? rating, int score) => Assert.Equal(score,
        Score([.. Enumerable.Range(0, 20).Select(i => Good(Owner(i)) with { Rating = rating })]));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 3)]
    [InlineData(10, 11)]
    [InlineData(1_000, 11)]
    public void A_good_buyer_gains_a_little_and_never_silver_by_hiring_alone(int workers, int score) =>
        Assert.Equal(score, Score([.. Enumerable.Range(0, workers).Select(i => Hired(i, ClosedReason.Approved))]));

    [Fact]
    public void Whoever_pays_in_a_circle_is_not_trusted_for_it_and_bad_jobs_count_there_too()
    {
        var circle = Enumerable.Range(0, 5).Select(Owner).ToHashSet();
        var hired = Enumerable.Range(0, 5).Select(i => Hired(i, ClosedReason.Approved)).ToList();
        var others = Enumerable.Range(10, 20).Select(i => Good(Owner(i))).ToList();
        var silences = Enumerable.Range(0, 5).Select(i => Hired(i, ClosedReason.Silence)).ToList();
        int Of(IReadOnlyList<SettledJob> jobs) => TrustScore.Assess(jobs, circle, circle, Now).Score;
        Assert.Equal((0, 55), (Of(hired), Of([.. hired, .. others])));
        Assert.True(Of([.. silences, .. others]) < 55);
    }

    [Fact]
    public void Bad_jobs_are_not_buried_under_good_ones_of_the_same_owner()
    {
        var others = Enumerable.Range(10, 20).Select(i => Good(Owner(i))).ToList();
        var bad = new SettledJob(Owner(10), true, ClosedReason.Failed, Now - Day, null);
        var after = Enumerable.Range(0, 20).Select(_ => Good(Owner(10))).ToList();
        Assert.True(Score([.. others, .. after, bad]) < Score([.. others, .. after]) - 2);
    }

    [Fact]
    public void A_cancelled_job_says_nothing() => Assert.Equal(
        Score([Good(Owner(1)), Good(Owner(2))]),
        Score([Good(Owner(1)), Good(Owner(2)), new SettledJob(Owner(3), true, ClosedReason.Cancelled, Now, null)]));

    [Fact]
    public void The_reason_counts_what_counted()
    {
        var jobs = Enumerable.Range(0, 3).Select(i => Good(Owner(i)))
            .Append(new SettledJob(Owner(9), true, ClosedReason.Failed, Now, null)).Append(Good(Owner(8))).ToList();
        Assert.Equal("3 good jobs with 3 unrelated owners, 1 bad ones; 1 jobs do not count, for their money goes in a circle.",
            TrustScore.Assess(jobs, new HashSet<Guid> { Owner(8) }, s_nobody, Now).Reason);
    }

    /// <summary>
    /// A market of 100 buyers and 200 workers, some of whom hire others; 50 agents of 50 owners in it trade only among
    /// themselves, 1,000 jobs, all approved and rated 5. They gain less than one point of a hundred; every honest
    /// newcomer is silver after 20 jobs.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_ring_gains_nothing_and_honest_newcomers_reach_silver_within_20_jobs(int seed)
    {
        var random = new Random(seed);
        var market = new Market();
        for (int job = 0; job < 3_000; job++)
        {
            // A quarter of the honest work is subcontracted by workers to workers that were there later.
            int worker = random.Next(200);
            int buyer = random.Next(4) == 0 && worker > 0 ? 1_000 + random.Next(worker) : random.Next(100);
            market.Trade(buyer, 1_000 + worker, ClosedReason.Approved, null);
        }
        for (int job = 0; job < 1_000; job++)
        {
            int buyer = random.Next(50);
            market.Trade(5_000 + buyer, 5_000 + (buyer + 1 + random.Next(49)) % 50, ClosedReason.Approved, 5);
        }
        for (int newcomer = 0; newcomer < 20; newcomer++)
            for (int job = 0; job < 20; job++) market.Trade(random.Next(100), 9_000 + newcomer, ClosedReason.Validated, null);
        for (int member = 0; member < 50; member++)
            Assert.True(market.ScoreOf(5_000 + member) < 1, $"A ring's member has {market.ScoreOf(5_000 + member)}.");
        for (int newcomer = 0; newcomer < 20; newcomer++)
            Assert.True(market.ScoreOf(9_000 + newcomer) >= Trust.Least[(int)TrustLevel.Silver],
                $"An honest newcomer has {market.ScoreOf(9_000 + newcomer)}.");
    }

    /// <summary>Rings of other shapes: each pays the next; pairs that pay each other.</summary>
    [Fact]
    public void The_shape_of_a_ring_makes_no_difference()
    {
        var market = new Market();
        for (int job = 0; job < 1_000; job++)
        {
            market.Trade(job % 50, (job + 1) % 50, ClosedReason.Approved, 5);
            market.Trade(100 + job % 50, 100 + (job + 1 + job % 2) % 50, ClosedReason.Approved, 5);
            market.Trade(200 + job % 50, 200 + (job % 50 ^ 1), ClosedReason.Approved, 5);
        }
        for (int member = 0; member < 50; member++)
            Assert.Equal((0, 0, 0),
                (market.ScoreOf(member), market.ScoreOf(100 + member), market.ScoreOf(200 + member)));
    }

    private static int Score(IReadOnlyList<SettledJob> jobs) => TrustScore.Assess(jobs, s_nobody, s_nobody, Now).Score;

    private static SettledJob Good(Guid payer) => new(payer, true, ClosedReason.Approved, Now, null);

    private static SettledJob Hired(int worker, ClosedReason closed) => new(Owner(worker), false, closed, Now, null);

    private static Guid Owner(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private sealed class Market
    {
        private readonly Dictionary<Guid, List<SettledJob>> _jobs = [];
        private readonly Dictionary<Guid, HashSet<Guid>> _paid = [];
        private readonly Dictionary<Guid, HashSet<Guid>> _payers = [];

        public void Trade(int buyer, int worker, ClosedReason closed, int? rating)
        {
            Of(Owner(worker)).Add(new SettledJob(Owner(buyer), true, closed, Now, rating));
            Of(Owner(buyer)).Add(new SettledJob(Owner(worker), false, closed, Now, rating));
            if (!_paid.TryGetValue(Owner(buyer), out var paid)) _paid[Owner(buyer)] = paid = [];
            paid.Add(Owner(worker));
            if (!_payers.TryGetValue(Owner(worker), out var payers)) _payers[Owner(worker)] = payers = [];
            payers.Add(Owner(buyer));
        }

        public int ScoreOf(int owner) => TrustScore.Assess(Of(Owner(owner)),
            TrustScore.Circle(Owner(owner), payer => _paid.GetValueOrDefault(payer) ?? []),
            TrustScore.Circle(Owner(owner), worker => _payers.GetValueOrDefault(worker) ?? []), Now).Score;

        private List<SettledJob> Of(Guid owner)
        {
            if (!_jobs.TryGetValue(owner, out var jobs)) _jobs[owner] = jobs = [];
            return jobs;
        }
    }
}
