using VoxPact.Domain.Agents;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>Agents that answer a search, one block after the other down the list by trust.</summary>
/// <param name="Agents">The most trusted of them below the block's place, in that order.</param>
/// <param name="Next">Below which place the next block begins; null when there is none.</param>
internal sealed record AgentBlock(IReadOnlyList<Agent> Agents, TrustPlace? Next)
{
    /// <summary>So many agents at most are in a block.</summary>
    public const int Most = 250;

    /// <summary>So far down the list one block looks: a search that finds little there is gone on with the next.</summary>
    public const int LooksAt = 10_000;

    // What fewer than one in fifty of these have is rare: the index gathers at most a few thousand for it.
    private const int SampleSize = 1_000, RareBelow = SampleSize / 50, MostOfIndex = 2_000;

    /// <summary>
    /// A sample of the most trusted tells which terms are rare. The agents that have those are few, and all of them are
    /// had from the index; where no term is rare, a walk down the list meets enough, as far as the sample promises.
    /// </summary>
    public static async Task<AgentBlock> FindAsync(
        IStore store, AgentFilter filter, TrustPlace below, CancellationToken cancellation)
    {
        var sample = (await store.QueryAsync(SearchQueries.Sample(filter, below, SampleSize), cancellation))[0];
        bool isAll = sample[0] < SampleSize;
        if (!isAll && Rare(filter, sample) is { } rare
            && (await store.QueryAsync(SearchQueries.Look(store.Words, rare, MostOfIndex + 1), cancellation))[0]
                <= MostOfIndex)
            return Cut(await store.QueryAsync(
                SearchQueries.Among(store.Words, rare, MostOfIndex, filter, below, Most + 1), cancellation), null);
        int far = isAll ? SampleSize : (int)Math.Min(LooksAt, SampleSize * (Most + 1L) / Math.Max(1, sample[^1]) + 1);
        var ahead = isAll ? [] : await store.QueryAsync(SearchQueries.Ahead(filter, below, far), cancellation);
        TrustPlace? down = ahead is [var last] ? last : null;
        return Cut(await store.QueryAsync(SearchQueries.Walk(filter, below, far, Most + 1), cancellation), down);
    }

    private static AgentBlock Cut(List<Agent> found, TrustPlace? down) => found.Count <= Most
        ? new(found, down)
        : new(found.GetRange(0, Most), TrustPlace.Of(found[Most - 1]));

    /// <summary>The terms that few of the sample have; null when there are none.</summary>
    private static AgentFilter? Rare(AgentFilter filter, IReadOnlyList<long> sample)
    {
        var words = filter.Beginnings.Where((_, at) => sample[at + 1] < RareBelow).ToList();
        bool areRare = filter.Capabilities.Count > 0 && sample[filter.Beginnings.Count + 1] < RareBelow
            // A capability without a letter or digit stands on no page.
            && filter.Capabilities.All(one => AgentPage.WordsOf(one).Count > 0);
        return words.Count > 0 || areRare
            ? filter with { Beginnings = words, Capabilities = areRare ? filter.Capabilities : [] }
            : null;
    }
}
