using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>The bids on a job: all of them for its buyer, one's own for a bidder.</summary>
internal static class ListBids
{
    public static async Task<Reply> Handle(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(JobQueries.Bids(call.PathId(Id.Job)));
        if (refusal is not null) return Reply.Refused(refusal);
        bool isBuyer = rows.Count > 0 && rows[0].Buyer == caller!.Id;
        var bids = rows.Where(row => row.Bid is { } bid
            && (isBuyer || bid.Bidder == caller!.Id)).Select(row => row.Bid!).ToList();
        // Bids are sealed: a stranger may see that an open job takes bids, but none of them.
        if (rows.Count == 0 || (!isBuyer && bids.Count == 0 && rows[0].State is not JobState.Open))
            return Reply.Refused(Refusal.NotFound);
        return Answers.Page(
            [.. bids.Select(bid => BidView.Of(bid, call.Deployment.Policy))], null, VoxPactJson.Wire.PageBidResource);
    }
}
