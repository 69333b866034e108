using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Storage;

/// <summary>What still ties an agent, <c>$1</c>, to others: one row of each is enough to know.</summary>
internal static class TieSql
{
    public const string BuyersJob = "buyer_agent = $1 and closed is null limit 1";
    public const string WorkersJob = "worker_agent = $1 and closed is null limit 1";
    public static readonly string Bid = $"bidder = $1 and state = {(int)BidState.Live} limit 1";
}
