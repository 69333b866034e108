using System.Threading.Channels;
using VoxPact.Domain.Agents;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Sends events to webhook endpoints. Each endpoint is served by one node at a time, under a lease; its events are read
/// from its agent's inbox in small pages, sent a few at a time, one job's in order, and what came of them is kept in
/// the engine's shared commits, many endpoints at once. A slow or dead endpoint holds its own places only.
/// All state belongs to one loop; reads, commits and requests run beside it and post what came of them.
/// </summary>
internal sealed partial class DispatchEvents : BackgroundService
{
    private const int ClaimsAtOnce = 500;
    private const int ReadsAtOnce = 64;
    private const int ReportsAtOnce = 500;

    /// <summary>A send begins only when the lease outlasts it.</summary>
    private const long LeaseMarginUs = 20_000_000;
    private const long BusyPauseUs = 1_000_000;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int TicksPerSearch = 30;

    /// <summary>How long a stop waits for answers that are on their way, so that few events are sent twice.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Deployment _deployment;
    private readonly WebhookSender _sender;
    private readonly ILogger<DispatchEvents> _log;
    private readonly Channel<Action> _posts =
        Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<Guid, EndpointLane> _lanes = [];
    private readonly HashSet<Guid> _toClaim = [];
    private readonly Queue<EndpointLane> _toRead = new();
    private readonly HashSet<EndpointLane> _toReport = [];
    private readonly SendingPlaces _places = new();
    private (long From, long UpTo)? _news;
    private bool _isClaiming, _isReading, _isReporting, _isLooking, _isSearching;

    /// <summary>After a failure nothing is asked of the database until the next tick.</summary>
    private bool _isPaused;
    private int _ticks;
    private CancellationToken _stopping;
    private readonly CancellationTokenSource _breakOff = new();

    public DispatchEvents(Deployment deployment, WebhookSender sender, ILogger<DispatchEvents> log) =>
        (_deployment, _sender, _log) = (deployment, sender, log);

    private long Node => _deployment.Node;
    private bool IsOnlyNode => _deployment.Store.HasOneNode;
    private bool IsAsking => _isClaiming || _isReading || _isReporting || _isLooking || _isSearching;

    /// <summary>There is news between two positions; called by the tail, on any thread.</summary>
    public void Hear(long after, long upTo) => Post(() => _news = _news is { } known
        ? (Math.Min(known.From, after), Math.Max(known.UpTo, upTo))
        : (after, upTo));

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        _stopping = stopping;
        await using var wake = stopping.Register(() =>
        {
            _breakOff.CancelAfter(Grace);
            Post(static () => { });
        });
        var ticking = TickAsync(stopping);
        // At the end, what is under way is broken off and what came of the rest is kept.
        while (!stopping.IsCancellationRequested || _places.Taken > 0 || IsAsking
            || (_toReport.Count > 0 && !_isPaused))
        {
            await _posts.Reader.WaitToReadAsync(CancellationToken.None);
            while (_posts.Reader.TryRead(out var post)) post();
            if (!_isPaused) Ask();
        }
        await ticking;
        await LetGoAsync();
    }

    private void Post(Action action) => _posts.Writer.TryWrite(action);

    private async Task TickAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            // The clock was moved, an endpoint enabled, or events are to be sent again: then it is set.
            bool isTold = await _deployment.Signals.Endpoints.WasSetAsync(Tick, stopping);
            Post(() => OnTick(isTold));
        }
    }

    private void OnTick(bool isTold)
    {
        _isPaused = false;
        bool searches = isTold || _ticks++ % TicksPerSearch == 0;
        long realNowUs = _deployment.Clock.RealNowUs;
        foreach (var lane in _lanes.Values.ToList())
        {
            if (lane is { IsIdle: true, HasNews: false } && lane.Endpoint.LeaseUntilUs < realNowUs)
                _lanes.Remove(lane.Id);
            else Pump(lane);
        }
        if (!_stopping.IsCancellationRequested && !_isSearching) Search(searches);
    }

    private void Ask()
    {
        if (_stopping.IsCancellationRequested)
        {
            if (_toReport.Count > 0 && !_isReporting) Report();
            return;
        }
        if (_news is not null && !_isLooking) Look();
        if (_toClaim.Count > 0 && !_isClaiming) Claim();
        if (_toRead.Count > 0 && !_isReading) Read();
        if (_toReport.Count > 0 && !_isReporting) Report();
    }

    /// <summary>Starts what may be sent to an endpoint now, and queues it for whatever it lacks.</summary>
    private void Pump(EndpointLane lane)
    {
        if (lane.HasReport) _toReport.Add(lane);
        if (lane.IsLeaving)
        {
            if (lane.IsIdle) _lanes.Remove(lane.Id);
            return;
        }
        if (_stopping.IsCancellationRequested) return;
        long nowUs = _deployment.Clock.NowUs;
        if (lane.PauseUntilUs > _deployment.Clock.RealNowUs) return;
        if (!HasLease(lane))
        {
            if (lane.HasNews || !lane.IsIdle || lane.DueAgain(nowUs).Count > 0) _toClaim.Add(lane.Id);
            return;
        }
        while (_places.IsFreeFor(lane) && lane.Next(nowUs) is { } item) Send(lane, item);
        if (lane.HasReport) _toReport.Add(lane);
        if (!lane.IsReading && !lane.IsQueued
            && (lane.MayReadHeads || lane.MayReadOn(nowUs) || lane.DueAgain(nowUs).Count > 0))
        {
            lane.IsQueued = true;
            _toRead.Enqueue(lane);
        }
    }

    /// <summary>Long enough for what is sent now.</summary>
    private bool HasLease(EndpointLane lane) =>
        lane.Endpoint.LeaseUntilUs >= _deployment.Clock.RealNowUs + LeaseMarginUs;

    private void Send(EndpointLane lane, Item item)
    {
        _places.Take(item.Host, lane.Endpoint.AgentId);
        _ = SendAsync(lane, item);
    }

    private async Task SendAsync(EndpointLane lane, Item item)
    {
        long began = _deployment.Time.GetTimestamp();
        DeliveryOutcome? outcome = null;
        try
        {
            outcome = await _sender.SendAsync(
                lane.Id, item.Url, item.Secrets, item.EventId, item.Body, _breakOff.Token);
        }
        catch (OperationCanceledException) when (_breakOff.IsCancellationRequested)
        {
            // Sent again, with the same id, by whoever runs next.
        }
        catch (Exception bug)
        {
            _log.LogError(bug, "The event {Event} could not be sent", item.EventId);
            outcome = new DeliveryOutcome.Failed("The server could not send this event; its operator's log says why.");
        }
        long latencyUs = _deployment.Time.GetElapsedTime(began).Ticks / 10;
        Post(() => OnSent(lane, item, outcome, latencyUs));
    }

    private void OnSent(EndpointLane lane, Item item, DeliveryOutcome? outcome, long latencyUs)
    {
        var waiting = _places.GiveBack(item.Host, lane.Endpoint.AgentId);
        if (outcome is null) lane.BrokenOff(item);
        else lane.Done(item, outcome, latencyUs);
        if (outcome is DeliveryOutcome.Busy) lane.PauseUntilUs = _deployment.Clock.RealNowUs + BusyPauseUs;
        // Those that waited for this place come before the one that had it.
        foreach (var other in waiting) Pump(other);
        Pump(lane);
    }

    public override void Dispose()
    {
        _breakOff.Dispose();
        base.Dispose();
    }

    /// <summary>The leases of a node that stops are free at once.</summary>
    private async Task LetGoAsync()
    {
        if (_lanes.Count == 0) return;
        try
        {
            await _deployment.Engine.RunAsync(new ReleaseEndpoints([.. _lanes.Keys], Node));
        }
        catch (Exception away)
        {
            _log.LogWarning(away, "{Endpoints} endpoints keep their leases until they run out", _lanes.Count);
        }
    }
}
