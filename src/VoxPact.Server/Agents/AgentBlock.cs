using VoxPact.Domain.Agents;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>What a search looks at, at most, in agents.</summary>
/// <param name="Block">In one block, ranked together.</param>
/// <param name="Walk">
/// Down the list by trust for one block; a search that finds little there goes on with the next.
/// </param>
/// <param name="Sample">
/// The most trusted, who tell which terms are rare: those that fewer than one in fifty have.
/// </param>
/// <param name="Index">Of those that have the rare terms; of more, they are met on the walk.</param>
/// <param name="Deep">Of those as well, where the walk met nobody.</param>
internal sealed record SearchBounds(
    int Block = 250, int Walk = 10_000, int Sample = 1_000, int Index = 2_000, int Deep = 5_000)
{
    public static readonly SearchBounds Default = new();
}

/// <summary>Agents that answer a search, one block after the other down the list by trust.</summary>
/// <param name="Agents">The most trusted of them below the block's place, in that order.</param>
/// <param name="Next">Below which place the next block begins; null when there is none.</param>
internal sealed record AgentBlock(IReadOnlyList<Agent> Agents, TrustPlace? Next)
{
    /// <summary>
    /// A sample of the most trusted tells which terms are rare. The agents that have those are few, and all of them are
    /// had from the index; where no term is rare, a walk down the list meets enough, as far as the sample promises.
    /// </summary>
    public static async Task<AgentBlock> FindAsync(
        IStore store, AgentFilter filter, TrustPlace below, SearchBounds most, CancellationToken cancellation)
    {
        var sample = (await store.QueryAsync(SearchQueries.Sample(filter, below, most.Sample), cancellation))[0];
        bool isAll = sample[0] < most.Sample;
        var rare = isAll ? null : Rare(filter, sample, most.Sample / 50);
        if (rare is not null && await AmongAsync(most.Index) is { } few) return few;
        int far = isAll
            ? most.Sample
            : (int)Math.Min(most.Walk, most.Sample * (most.Block + 1L) / Math.Max(1, sample[^1]) + 1);
        var ahead = isAll ? [] : await store.QueryAsync(SearchQueries.Ahead(filter, below, far), cancellation);
        var walked = Cut(
            await store.QueryAsync(SearchQueries.Walk(filter, below, far, most.Block + 1), cancellation),
            ahead is [var last] ? last : null, most.Block);
        return rare is not null && walked is { Agents.Count: 0, Next: not null }
            ? await AmongAsync(most.Deep) ?? walked
            : walked;

        async Task<AgentBlock?> AmongAsync(int bound)
        {
            var seen = await store.QueryAsync(SearchQueries.Look(store.Words, rare, bound + 1), cancellation);
            return seen[0] > bound
                ? null
                : Cut(await store.QueryAsync(
                    SearchQueries.Among(store.Words, rare, bound, filter, below, most.Block + 1), cancellation),
                    null, most.Block);
        }
    }

    private static AgentBlock Cut(List<Agent> found, TrustPlace? down, int most) => found.Count <= most
        ? new(found, down)
        : new(found.GetRange(0, most), TrustPlace.Of(found[most - 1]));

    /// <summary>The terms that fewer than so many of the sample have; null when there are none.</summary>
    private static AgentFilter? Rare(AgentFilter filter, IReadOnlyList<long> sample, int below)
    {
        var words = filter.Beginnings.Where((_, at) => sample[at + 1] < below).ToList();
        bool areRare = filter.Capabilities.Count > 0 && sample[filter.Beginnings.Count + 1] < below
            // A capability without a letter or digit stands on no page.
            && filter.Capabilities.All(one => AgentPage.WordsOf(one).Count > 0);
        return words.Count > 0 || areRare
            ? filter with { Beginnings = words, Capabilities = areRare ? filter.Capabilities : [] }
            : null;
    }
}
