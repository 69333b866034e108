using System.Text;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// What the dispatcher asks of the database: of each kind one question at a time, for many endpoints.
/// </summary>
internal sealed partial class DispatchEvents
{
    private sealed record Pages(
        EndpointLane Lane, List<Delivery>? Heads, bool ReadsOn, List<Item> News, List<Item> Again, int Wanted);

    private void Look()
    {
        var (from, upTo) = _news!.Value;
        _news = null;
        _isLooking = true;
        _ = AskAsync(() => _deployment.Store.QueryAsync(EndpointQueries.WithNews(from, upTo), _stopping), found =>
        {
            _isLooking = false;
            foreach (var id in found) Wake(id);
        }, () =>
        {
            _isLooking = false;
            Hear(from, upTo);
        });
    }

    /// <summary>What became due; and now and then what nobody serves, although there is something to send.</summary>
    private void Search(bool everything)
    {
        _isSearching = true;
        long nowUs = _deployment.Clock.NowUs, realNowUs = _deployment.Clock.RealNowUs;
        _ = AskAsync(async () =>
        {
            var due = await _deployment.Store.QueryAsync(EndpointQueries.Due(nowUs, Node, realNowUs), _stopping);
            var behind = everything
                ? await _deployment.Store.QueryAsync(EndpointQueries.Behind(nowUs, Node, realNowUs), _stopping)
                : [];
            return (due, behind);
        }, found =>
        {
            _isSearching = false;
            foreach (var id in found.due) WakeDue(id, nowUs);
            foreach (var id in found.behind) Wake(id);
        }, () => _isSearching = false);
    }

    private void Wake(Guid id)
    {
        if (_lanes.TryGetValue(id, out var lane))
        {
            lane.HasNews = true;
            Pump(lane);
        }
        else _toClaim.Add(id);
    }

    private void WakeDue(Guid id, long nowUs)
    {
        if (!_lanes.TryGetValue(id, out var lane))
        {
            _toClaim.Add(id);
            return;
        }
        // Due, and not by what is known here: somebody asked for events to be sent again.
        if (lane.IsIdle && lane.DueAgain(nowUs).Count == 0) lane.AreHeadsStale = true;
        Pump(lane);
    }

    private void Claim()
    {
        var ids = _toClaim.Take(ClaimsAtOnce).ToList();
        _toClaim.ExceptWith(ids);
        // One that is leaving is claimed anew when it is gone; one that is served has its lease.
        ids.RemoveAll(id => _lanes.TryGetValue(id, out var lane) && (lane.IsLeaving || HasLease(lane)));
        if (ids.Count == 0) return;
        var served = ids.Where(_lanes.ContainsKey).ToHashSet();
        _isClaiming = true;
        var command = new ClaimEndpoints(ids, Node, _deployment.Clock.RealNowUs, IsOnlyNode);
        _ = AskAsync(() => RunAsync<List<WebhookEndpoint>>(command), taken =>
        {
            _isClaiming = false;
            var refused = ids.ToHashSet();
            foreach (var endpoint in taken)
            {
                refused.Remove(endpoint.Id);
                if (_lanes.TryGetValue(endpoint.Id, out var lane)) lane.Endpoint = endpoint;
                // It left meanwhile, for a reason that may be newer than this answer.
                else if (served.Contains(endpoint.Id)) continue;
                else _lanes[endpoint.Id] = lane = new EndpointLane(endpoint);
                Pump(lane);
            }
            foreach (var id in refused)
            {
                if (!_lanes.TryGetValue(id, out var lost)) continue;
                lost.Leave();
                Pump(lost);
            }
        }, () =>
        {
            _isClaiming = false;
            _toClaim.UnionWith(ids);
        });
    }

    private void Read()
    {
        _isReading = true;
        long nowUs = _deployment.Clock.NowUs;
        var asked = new List<(EndpointLane Lane, bool Heads, bool ReadsOn, List<(Guid Subject, int Sequence)> Again)>();
        while (asked.Count < ReadsAtOnce && _toRead.TryDequeue(out var lane))
        {
            lane.IsQueued = false;
            if (lane.IsLeaving || lane.IsReading) continue;
            var one = (lane, lane.MayReadHeads, MayReadOn: lane.MayReadOn(nowUs), lane.DueAgain(nowUs));
            lane.BeginReading(lane.MayReadHeads);
            if (one.MayReadOn) lane.HasNews = false;
            asked.Add(one);
        }
        _ = AskAsync(async () =>
        {
            var heads = await _deployment.Store.QueryManyAsync([.. asked.Where(one => one.Heads)
                .Select(one => EndpointQueries.Heads(one.Lane.Id, EndpointLane.HeadsMax))], _stopping);
            var events = await _deployment.Store.QueryManyAsync([.. asked.SelectMany(one => one.Again
                .Select(again => EventQueries.Again(one.Lane.Id, again.Subject, again.Sequence))
                .Concat(one.ReadsOn
                    ? [EventQueries.ForEndpoint(one.Lane.Endpoint, one.Lane.ReadUpTo, EndpointLane.PageSize)]
                    : []))], _stopping);
            return Sort(asked, heads, events, nowUs);
        }, pages =>
        {
            _isReading = false;
            foreach (var page in pages) Take(page);
        }, () =>
        {
            _isReading = false;
            foreach (var one in asked)
            {
                one.Lane.EndReading();
                one.Lane.HasNews |= one.ReadsOn;
            }
        });
    }

    /// <summary>Hands the answers, which come in the order of the questions, to those who asked.</summary>
    private List<Pages> Sort(
        List<(EndpointLane Lane, bool Heads, bool ReadsOn, List<(Guid, int)> Again)> asked, List<List<Delivery>> heads,
        List<List<EventQueries.ToSend>> events, long nowUs)
    {
        int nextHeads = 0, nextEvents = 0;
        var pages = new List<Pages>(asked.Count);
        foreach (var one in asked)
        {
            var known = one.Heads ? heads[nextHeads++] : null;
            var again = new List<Item>();
            for (int i = 0; i < one.Again.Count; i++)
                again.AddRange(events[nextEvents++].Select(row => ItemOf(row, isAgain: true, nowUs)));
            var news = one.ReadsOn ? events[nextEvents++].ConvertAll(row => ItemOf(row, isAgain: false, nowUs)) : [];
            pages.Add(new Pages(one.Lane, known, one.ReadsOn, news, again, one.Again.Count));
        }
        return pages;
    }

    private Item ItemOf(EventQueries.ToSend row, bool isAgain, long nowUs)
    {
        var type = EventBody.TypeOf(row.Event.Fact);
        bool isWanted = isAgain || row.Types is null || row.Types.Split(',').Contains(FactTypes.Name(type));
        string secret = Open(row.Secret);
        return new Item(
            row.Event.Fact.Subject, row.Event.Fact.Sequence, type, Id.Format(Id.Event, row.Event.Fact.EventId),
            isWanted ? EventBody.Of(row.Event, _deployment) : default, row.Url, new Uri(row.Url).Host,
            row.OldSecret is { } old && row.OldSecretUntilUs > nowUs ? [secret, Open(old)] : [secret], isWanted,
            isAgain ? null : row.Event.Place);
    }

    private string Open(byte[] secret) => Encoding.UTF8.GetString(_deployment.Seal.Open(secret));

    private void Take(Pages page)
    {
        var lane = page.Lane;
        if (page.Heads is { } heads)
            lane.TakeHeads(heads.Select(head => (head.Subject, head.Sequence, head.DueUs)));
        lane.EndReading();
        if (page.Again.Count < page.Wanted && !lane.IsLeaving)
        {
            // The endpoint was switched off or removed meanwhile.
            lane.Leave();
        }
        if (!lane.IsLeaving)
        {
            foreach (var item in page.News.Concat(page.Again)) lane.Add(item);
            if (page.News.Count == EndpointLane.PageSize) lane.HasNews = true;
        }
        Pump(lane);
    }

    private void Report()
    {
        _isReporting = true;
        var reports = new List<EndpointReport>();
        var lanes = _toReport.Take(ReportsAtOnce).ToList();
        _toReport.ExceptWith(lanes);
        foreach (var lane in lanes)
        {
            var (upTo, what) = lane.TakeReport();
            lane.IsReporting = true;
            reports.Add(new EndpointReport(lane.Endpoint, upTo, what));
        }
        var command = new KeepReports(reports, Node, _deployment.Clock.RealNowUs);
        _ = AskAsync(() => RunAsync<List<EndpointAfter>>(command), kept =>
        {
            _isReporting = false;
            for (int i = 0; i < kept.Count; i++) Keep(lanes[i], kept[i]);
        }, () =>
        {
            _isReporting = false;
            for (int i = 0; i < reports.Count; i++)
            {
                lanes[i].IsReporting = false;
                lanes[i].GiveBack(reports[i].Reports);
                _toReport.Add(lanes[i]);
            }
        });
    }

    private void Keep(EndpointLane lane, EndpointAfter after)
    {
        lane.IsReporting = false;
        if (after.Endpoint is null)
        {
            // Another node has it: whatever is still under way here counts for nothing.
            lane.Leave();
            lane.Reports.Clear();
        }
        else
        {
            lane.Kept(after);
            if (!lane.Endpoint.IsOn || lane.Endpoint.IsResting(_deployment.Clock.NowUs)) lane.Leave();
        }
        Pump(lane);
    }

    private async Task<T> RunAsync<T>(Command command)
    {
        var reply = await _deployment.Engine.RunAsync(command);
        return reply.Refusal is { } refusal
            ? throw new InvalidOperationException(refusal.Sentence)
            : (T)reply.Value!;
    }

    private async Task AskAsync<T>(Func<Task<T>> ask, Action<T> then, Action otherwise)
    {
        try
        {
            var answer = await ask();
            Post(() => then(answer));
        }
        catch (Exception failure)
        {
            if (!_stopping.IsCancellationRequested)
                _log.LogWarning(failure, "Webhooks could not go on; they are looked at again in a second");
            Post(() =>
            {
                // A read that a stop broke off says nothing about the database: what is to be kept still is.
                _isPaused = failure is not OperationCanceledException;
                otherwise();
            });
        }
    }
}
