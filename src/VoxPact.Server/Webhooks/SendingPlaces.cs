namespace VoxPact.Server.Webhooks;

/// <summary>
/// How many requests may be under way, in all and to one host. On a host an agent has at most as many as are free there
/// now: alone half of them, and the more agents share it the less each; the last place is for one who has none.
/// Used by the dispatcher's own loop only.
/// </summary>
internal sealed class SendingPlaces(int inAll = 2_048, int perHost = 100)
{
    /// <summary>So many of those that wait are asked again when a place comes free.</summary>
    private const int AskedAtOnce = 8;

    private sealed class Host
    {
        public int Taken { get; set; }
        public Dictionary<Guid, int> ByAgent { get; } = [];
        public Queue<EndpointLane> Waiting { get; } = new();
    }

    private readonly Dictionary<string, Host> _hosts = [];
    private readonly Queue<EndpointLane> _waiting = new();

    public int Taken { get; private set; }

    /// <summary>When there is none, the endpoint waits and comes back from <see cref="GiveBack"/>.</summary>
    public bool IsFreeFor(EndpointLane lane)
    {
        var host = _hosts.GetValueOrDefault(lane.Host);
        int free = perHost - (host?.Taken ?? 0);
        bool isShare = host is null || host.ByAgent.GetValueOrDefault(lane.Endpoint.AgentId) < free;
        if (Taken < inAll && isShare) return true;
        if (!lane.IsStarved) (isShare ? _waiting : host!.Waiting).Enqueue(lane);
        lane.IsStarved = true;
        return false;
    }

    public void Take(string name, Guid agent)
    {
        Taken++;
        if (!_hosts.TryGetValue(name, out var host)) _hosts[name] = host = new Host();
        host.Taken++;
        host.ByAgent[agent] = host.ByAgent.GetValueOrDefault(agent) + 1;
    }

    /// <summary>Endpoints that waited and may have a place now; those that have none wait again.</summary>
    public IReadOnlyList<EndpointLane> GiveBack(string name, Guid agent)
    {
        Taken--;
        var host = _hosts[name];
        host.Taken--;
        if (--host.ByAgent[agent] == 0) host.ByAgent.Remove(agent);
        List<EndpointLane> asked = [.. Next(host.Waiting), .. Next(_waiting)];
        if (host.Taken == 0 && host.Waiting.Count == 0) _hosts.Remove(name);
        return asked;
    }

    private static IEnumerable<EndpointLane> Next(Queue<EndpointLane> waiting)
    {
        for (int i = 0; i < AskedAtOnce && waiting.TryDequeue(out var lane); i++)
        {
            lane.IsStarved = false;
            yield return lane;
        }
    }
}
