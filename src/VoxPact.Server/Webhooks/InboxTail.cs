using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Follows what is told to anybody, on this node and on others, in the order in which nothing is missed, and says for
/// whom there is news: one small read after each stretch of this node's commits, and one now and then for the others'.
/// </summary>
internal sealed class InboxTail(Deployment deployment, DispatchEvents? dispatch, ILogger<InboxTail> log)
    : BackgroundService
{
    private const int AtOnce = 1_000;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>When something is committed but an older transaction still runs.</summary>
    private static readonly TimeSpan LookSoon = TimeSpan.FromMilliseconds(4);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        long? upTo = null;
        int limit = AtOnce;
        while (!stopping.IsCancellationRequested)
        {
            var wait = LookAgain;
            try
            {
                upTo ??= (await deployment.Store.QueryAsync(EventQueries.Newest, stopping))[0];
                var found = await deployment.Store.QueryAsync(EventQueries.NewsAfter(upTo.Value, limit), stopping);
                bool isWhole = found.Count < limit;
                var news = Settled(found, isWhole);
                // More for one commit than a look can hold: look wider.
                limit = news.Count == 0 && !isWhole && found[^1].Position < found[^1].Settled ? limit * 2 : AtOnce;
                if (news.Count > 0)
                {
                    dispatch?.Hear(upTo.Value, news[^1].Position);
                    upTo = news[^1].Position;
                    deployment.Hub.Tell(news.Select(row => row.AgentId).Distinct());
                }
                wait = !isWhole ? TimeSpan.Zero : news.Count < found.Count ? LookSoon : LookAgain;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away)
            {
                log.LogWarning(away, "New events could not be looked for; looking again");
            }
            if (wait > TimeSpan.Zero) await deployment.Signals.Inbox.TryWaitAsync(wait, stopping);
        }
    }

    /// <summary>Without what may still get company, and without a commit whose end is not in sight.</summary>
    private static List<EventQueries.News> Settled(List<EventQueries.News> found, bool isWhole)
    {
        var settled = found.FindAll(row => row.Position < row.Settled);
        if (!isWhole && settled.Count == found.Count) settled.RemoveAll(row => row.Position == found[^1].Position);
        return settled;
    }
}
