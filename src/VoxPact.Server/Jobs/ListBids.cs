using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Jobs;

/// <summary>The bids on a job: all of them for its buyer, one's own for a bidder.</summary>
internal static class ListBids
{
    private static readonly string Sql =
        $"select j.buyer_agent, j.state, {Tables.Bids.Select("b")} "
        + "from jobs j left join bids b on b.job_id = j.id where j.id = $1 order by b.id";

    private sealed record Row(Guid Buyer, JobState State, Bid? Bid);

    public static async Task<Reply> Handle(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(Sql, [call.PathId(Id.Job)], row => new Row(
            row.Guid(0), (JobState)row.Int(1), row.IsNull(2) ? null : Tables.Bids.Read(row, 2)));
        if (refusal is not null) return Reply.Refused(refusal);
        bool isBuyer = rows.Count > 0 && rows[0].Buyer == caller!.Id;
        var bids = rows.Where(row => row.Bid is { } bid && (isBuyer || bid.Bidder == caller!.Id)).Select(row => row.Bid!).ToList();
        // Bids are sealed: a stranger may see that an open job takes bids, but none of them.
        if (rows.Count == 0 || (!isBuyer && bids.Count == 0 && rows[0].State is not JobState.Open))
            return Reply.Refused(Refusal.NotFound);
        return Answers.Page(
            [.. bids.Select(bid => BidView.Of(bid, call.Deployment.Policy))], null, VoxPactJson.Wire.PageBidResource);
    }
}
