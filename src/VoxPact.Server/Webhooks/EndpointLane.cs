using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;

namespace VoxPact.Server.Webhooks;

/// <summary>One event on its way to one endpoint.</summary>
/// <param name="Place">Where it stands in the inbox; null when it failed or waited before and is tried again.</param>
internal sealed record Item(
    Guid Subject, int Sequence, FactType Type, string EventId, ReadOnlyMemory<byte> Body, string Url,
    string Host, IReadOnlyList<string> Secrets, bool IsWanted, InboxPlace? Place)
{
    public bool IsDone { get; set; }
}

/// <summary>What became of an item; <see cref="Outcome"/> is null when it was put behind an earlier one.</summary>
internal sealed record Report(Item Item, DeliveryOutcome? Outcome, long LatencyUs);

/// <summary>
/// What one node knows of an endpoint that it serves: what was read and waits to be sent, what is under way, which jobs
/// have an event that failed. Used by the dispatcher's own loop only.
/// </summary>
internal sealed class EndpointLane(WebhookEndpoint endpoint)
{
    public const int PageSize = 16;
    public const int HeadsMax = 500;
    private const int InFlightMax = 5;
    private const int RetriesAtOnce = 8;

    private readonly List<Item> _waiting = [];
    private readonly Queue<Item> _unsettled = new();
    private readonly HashSet<Guid> _busy = [];
    private InboxPlace _sentUpTo = endpoint.SentUpTo;

    public WebhookEndpoint Endpoint
    {
        get;
        set
        {
            if (value.Url != field.Url) Host = new Uri(value.Url).Host;
            field = value;
        }
    } = endpoint;
    public Guid Id => Endpoint.Id;

    /// <summary>Whose places it uses: the host, whatever the port.</summary>
    public string Host { get; private set; } = new Uri(endpoint.Url).Host;

    /// <summary>How far the inbox was read.</summary>
    public InboxPlace ReadUpTo { get; private set; } = endpoint.SentUpTo;
    public int InFlight { get; private set; }
    public bool HasNews { get; set; } = true;

    /// <summary>True when the jobs with a failed event are to be read (again).</summary>
    public bool AreHeadsStale { get; set; } = true;
    public bool IsReading { get; private set; }

    /// <summary>True while it stands in the queue of those that want to read.</summary>
    public bool IsQueued { get; set; }

    /// <summary>True while it stands in the queue of those for which there is no place.</summary>
    public bool IsStarved { get; set; }

    /// <summary>Nothing more is sent; it goes once what is under way has ended.</summary>
    public bool IsLeaving { get; private set; }
    public bool IsReporting { get; set; }

    /// <summary>Real time before which nothing is sent, after somebody else used up the endpoint's places.</summary>
    public long PauseUntilUs { get; set; }
    public List<Report> Reports { get; private set; } = [];

    /// <summary>
    /// The first waiting event of each job, by job: its number, and when it is due (long.MaxValue: not known yet).
    /// Until it is delivered or dead, the job's later events wait behind it.
    /// </summary>
    public Dictionary<Guid, (int Sequence, long DueUs)> Heads { get; } = [];

    /// <summary>Changes to <see cref="Heads"/> while they are read anew; null when they are not.</summary>
    public Dictionary<Guid, (int Sequence, long DueUs)?>? Touched { get; private set; }

    public bool IsIdle => InFlight == 0 && _waiting.Count == 0 && Reports.Count == 0 && !IsReading && !IsReporting;

    public bool MayReadOn(long nowUs) => HasNews && !AreHeadsStale && Heads.Count < HeadsMax
        && (Endpoint.IsFailing
            ? _waiting.Count == 0 && !IsUnsure && !HasRetry(nowUs)
            : _waiting.Count < PageSize / 2);

    /// <summary>What is under way, or not kept yet, may make a failing endpoint rest.</summary>
    private bool IsUnsure => InFlight > 0 || IsReporting || Reports.Count > 0;

    /// <summary>Something that failed is due again, or when it is due is not known yet.</summary>
    private bool HasRetry(long nowUs) => Heads.Values.Any(head => head.DueUs <= nowUs || head.DueUs == long.MaxValue);

    /// <summary>What was reported must be in the database before the heads are read there.</summary>
    public bool MayReadHeads => AreHeadsStale && Reports.Count == 0 && !IsReporting;

    public void BeginReading(bool heads)
    {
        IsReading = true;
        if (heads) Touched = [];
    }

    public void EndReading()
    {
        IsReading = false;
        Touched = null;
    }

    public void Leave()
    {
        IsLeaving = true;
        _waiting.Clear();
    }

    /// <summary>Takes over the heads as they were read, and what has happened since.</summary>
    public void TakeHeads(IEnumerable<(Guid Subject, int Sequence, long DueUs)> heads)
    {
        Heads.Clear();
        AreHeadsStale = false;
        foreach (var (subject, sequence, due) in heads) Heads[subject] = (sequence, due);
        foreach (var (subject, head) in Touched!)
        {
            if (head is { } now) Heads[subject] = now;
            // What waited behind the one that is gone was perhaps not read: nothing of the job goes before it was.
            else if (Heads.TryGetValue(subject, out var read)) Block(subject, read.Sequence);
        }
    }

    private void SetHead(Guid subject, (int Sequence, long DueUs) head)
    {
        if (Touched is not null) Touched[subject] = head;
        Heads[subject] = head;
    }

    /// <summary>Events that are due again and not under way: at most a few, so that new ones come through.</summary>
    public List<(Guid Subject, int Sequence)> DueAgain(long nowUs)
    {
        var due = new List<(Guid, int)>();
        bool isBusy = InFlight > 0 || _waiting.Exists(item => item.Place is null);
        int most = !Endpoint.IsFailing ? RetriesAtOnce : isBusy ? 0 : 1;
        foreach (var (subject, (sequence, dueUs)) in Heads)
        {
            if (due.Count >= most) break;
            if (dueUs <= nowUs && !_busy.Contains(subject) && !_waiting.Exists(item => item.Subject == subject))
                due.Add((subject, sequence));
        }
        return due;
    }

    public void Add(Item item)
    {
        if (item.Place is { } place)
        {
            ReadUpTo = place;
            _unsettled.Enqueue(item);
            _waiting.Add(item);
        }
        else
        {
            _waiting.Insert(0, item);
        }
    }

    /// <summary>The next item that may be sent now; what is not wanted, or must wait, is settled on the way.</summary>
    public Item? Next(long nowUs)
    {
        if (InFlight >= InFlightMax || (Endpoint.IsFailing && IsUnsure)) return null;
        for (int i = 0; i < _waiting.Count; i++)
        {
            var item = _waiting[i];
            if (_busy.Contains(item.Subject)) continue;
            bool waits = item.Place is not null && item.IsWanted && Heads.ContainsKey(item.Subject);
            if (item.IsWanted && !waits)
            {
                // A failing endpoint is asked with what failed and is due; the rest stays where it is.
                if (Endpoint.IsFailing && item.Place is not null && HasRetry(nowUs)) continue;
                _waiting.RemoveAt(i);
                _busy.Add(item.Subject);
                InFlight++;
                return item;
            }
            _waiting.RemoveAt(i--);
            item.IsDone = true;
            if (waits) Reports.Add(new Report(item, null, 0));
        }
        return null;
    }

    public void Done(Item item, DeliveryOutcome outcome, long latencyUs)
    {
        InFlight--;
        _busy.Remove(item.Subject);
        if (outcome is DeliveryOutcome.Busy)
        {
            _waiting.Insert(0, item);
            return;
        }
        item.IsDone = true;
        Reports.Add(new Report(item, outcome, latencyUs));
        if (outcome is DeliveryOutcome.Delivered && item.Place is not null) return;
        // Until the report is kept, nothing later of this job may go.
        SetHead(item.Subject, (item.Sequence, long.MaxValue));
        // Asked to wait, it is sent nothing more at all, not even until that is kept.
        if (outcome is DeliveryOutcome.Failed { RetryAfter: { } asked } && asked > TimeSpan.Zero) Leave();
    }

    /// <summary>An attempt that was broken off is no attempt.</summary>
    public void BrokenOff(Item item)
    {
        InFlight--;
        _busy.Remove(item.Subject);
    }

    /// <summary>True when there is something to tell the database.</summary>
    public bool HasReport => Reports.Count > 0 || (_unsettled.TryPeek(out var first) && first.IsDone);

    public (InboxPlace SentUpTo, List<Report> Reports) TakeReport()
    {
        while (_unsettled.TryPeek(out var first) && first.IsDone) _sentUpTo = _unsettled.Dequeue().Place!.Value;
        var reports = Reports;
        Reports = [];
        return (_sentUpTo, reports);
    }

    public void GiveBack(List<Report> reports) => Reports.InsertRange(0, reports);

    /// <summary>Takes over what the database made of a report.</summary>
    public void Kept(EndpointAfter after)
    {
        Endpoint = after.Endpoint!;
        foreach (var (subject, sequence, due) in after.Heads)
        {
            if (due is { } us)
            {
                if (!Heads.TryGetValue(subject, out var known) || known.Sequence >= sequence)
                    SetHead(subject, (sequence, us));
                continue;
            }
            Block(subject, sequence);
        }
    }

    /// <summary>
    /// The first of a job is gone: until it was read what waited behind it, nothing later may overtake it.
    /// </summary>
    private void Block(Guid subject, int sequence)
    {
        if (Touched is not null) Touched[subject] = null;
        Heads[subject] = (sequence, long.MaxValue);
        AreHeadsStale = true;
    }
}
