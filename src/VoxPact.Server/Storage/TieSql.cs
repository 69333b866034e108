using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Storage;

/// <summary>What still ties an agent, <c>$1</c>, to others: one row of each is enough to know.</summary>
internal static class TieSql
{
    private static readonly string Open =
        $"state not in ({(int)JobState.Completed}, {(int)JobState.Cancelled}) limit 1";

    public static readonly string BuyersJob = $"buyer_agent = $1 and {Open}";
    public static readonly string WorkersJob = $"worker_agent = $1 and {Open}";
    public static readonly string Bid = $"bidder = $1 and state = {(int)BidState.Live} limit 1";
}
