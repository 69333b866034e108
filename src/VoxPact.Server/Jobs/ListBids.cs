using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>
/// The bids on a job: all of them for its buyer, one's own for a bidder; and an agent's own on all jobs.
/// </summary>
internal static class ListBids
{
    private const string OwnFilter = "bids";

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

    /// <summary>The caller's own on all jobs, newest first; those that were withdrawn are gone.</summary>
    public static async Task<Reply> Own(Call call)
    {
        int limit = call.Queries.Limit();
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        var (caller, after, refusal) = await Paging.AfterAsync(call, OwnFilter);
        if (refusal is not null) return Reply.Refused(refusal);
        var (_, rows, unknown) = await call.QueryAsync(JobQueries.BidsOf(caller!.Id, after, limit + 1));
        if (unknown is not null) return Reply.Refused(unknown);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit
            ? call.Deployment.Cursors.Encode(caller.Id, OwnFilter, page[^1].Id)
            : null;
        return Answers.Page(
            [.. page.Select(bid => BidView.Of(bid, call.Deployment.Policy))], next, VoxPactJson.Wire.PageBidResource);
    }
}
