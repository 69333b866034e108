using CsCheck;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>
/// The real engine against a model in plain arithmetic: whatever is tried at once, the balances are those of some order
/// of the same tries. <c>VOXPACT_COMMANDS</c> asks for more.
/// </summary>
public sealed class LedgerModelTests
{
    private const int Before = 6, AtOnce = 4;

    private static int Commands =>
        int.TryParse(Environment.GetEnvironmentVariable("VOXPACT_COMMANDS"), out int asked) ? asked : 1_500;

    private static readonly Gen<Try> s_try =
        Gen.Select(Gen.Int[0, Enum.GetValues<Act>().Length - 1], Gen.Int[0, LedgerModel.Places - 1], Gen.Int[1, 300])
            .Select((act, place, minor) => new Try((Act)act, place, minor));

    /// <summary>
    /// Each job has come so far before anything is tried, and half of the owners have asked for a payout: what takes
    /// many steps would otherwise hardly ever be tried.
    /// </summary>
    private static readonly Gen<Try[]> s_beginning =
        Gen.Select(Gen.Int[0, Try.Beginnings.Length - 1], Gen.Int[1, 200]).Array[LedgerModel.Places]
            .Select(jobs => jobs.SelectMany((job, place) =>
                Try.Beginnings[job.Item1].Select(act => new Try(act, place, job.Item2)))
                .Concat(jobs.Take(LedgerModel.Owners).Select((job, place) => new Try(Act.PayOut, place, job.Item2))
                    .Where(asked => asked.Minor % 2 == 0)).ToArray());

    /// <summary>On failure CsCheck prints the seed and the smallest tries that it found.</summary>
    [Theory, ClassData<Databases>]
    public async Task Whatever_is_tried_at_once_comes_to_what_some_order_of_it_would(string database)
    {
        await using var server = await TestServer.StartAsync(database, options => options with { RunWork = false });
        await using var second = await server.SecondNodeAsync();
        Deployment[] nodes = [server.Deployment, second.Deployment];
        s_beginning.Select(beginning => (new EngineMarket(nodes, beginning), ModelOf(beginning))).SampleParallel(
            s_try.Operation<EngineMarket, LedgerModel>(
                step => step.ToString(), (market, step) => market.Take(step), (model, step) => model.Take(step)),
            equal: (market, model) => market.ToString() == model.ToString(),
            maxSequentialOperations: Before,
            maxParallelOperations: AtOnce,
            iter: Math.Max(1, Commands / (Before + AtOnce)),
            threads: AtOnce,
            printActual: market => market.ToString(),
            printModel: model => model.ToString());
        var report = (await server.GetAsync("/v1/operator/check", server.OperatorKey)).Expect(200).Data;
        // The provider has never heard of these charges, and nothing that was due has run.
        Assert.All(report.GetProperty("invariants").EnumerateArray(), one => Assert.True(
            one.GetProperty("status").GetString() != "broken"
                || one.GetProperty("id").GetString() is "I4" or "I5" or "I7" or "I10", one.ToString()));
        var moved = (await server.Deployment.Store.QueryAsync(EntryQueries.All, TestContext.Current.CancellationToken))
            .Select(entry => entry.Movement).ToHashSet();
        Assert.Superset(
            new HashSet<MovementKind>
            {
                MovementKind.TopUp, MovementKind.Hold, MovementKind.Release, MovementKind.Refund, MovementKind.Bonus,
                MovementKind.PayOut,
            }, moved);
    }

    private static LedgerModel ModelOf(Try[] beginning)
    {
        var model = new LedgerModel();
        foreach (var step in beginning) model.Take(step);
        return model;
    }
}
