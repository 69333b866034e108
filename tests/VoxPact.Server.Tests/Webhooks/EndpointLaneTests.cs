using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>One job's events reach one endpoint in order, whatever is read and reported at the same time.</summary>
public sealed class EndpointLaneTests
{
    private static readonly Guid s_job = new("01970000-0000-7000-8000-000000000001");

    private readonly EndpointLane _lane = new(new WebhookEndpoint
    {
        Id = Guid.Empty,
        AgentId = Guid.Empty,
        Url = "https://agent.example/hook",
        Secret = [],
        CreatedUs = 0,
        SentUpTo = InboxPlace.Start,
    });

    [Fact]
    public void What_was_read_meanwhile_does_not_overtake_what_waits_behind_an_event_that_failed()
    {
        ReadHeads((s_job, 1, 0));
        _lane.Add(Event(1, isAgain: true));
        var first = _lane.Next(0)!;
        _lane.Add(Event(3));
        Deliver(first);
        // The second stands in the database behind the first; that is not known here yet.
        Assert.Null(_lane.Next(0));
        ReadHeads((s_job, 2, 0));
        _lane.Add(Event(2, isAgain: true));
        Assert.Equal(2, _lane.Next(0)!.Sequence);
    }

    [Fact]
    public void Nor_when_what_waits_is_being_read_while_the_first_is_delivered()
    {
        ReadHeads((s_job, 1, 0));
        _lane.Add(Event(1, isAgain: true));
        var first = _lane.Next(0)!;
        _lane.BeginReading(heads: true);
        Deliver(first);
        _lane.TakeHeads([(s_job, 1, 0)]);
        _lane.EndReading();
        _lane.Add(Event(3));
        Assert.Null(_lane.Next(0));
        Assert.True(_lane.AreHeadsStale);
    }

    [Fact]
    public void With_nothing_waiting_a_job_goes_on_at_once()
    {
        ReadHeads((s_job, 1, 0));
        _lane.Add(Event(1, isAgain: true));
        Deliver(_lane.Next(0)!);
        ReadHeads();
        _lane.Add(Event(2));
        Assert.Equal(2, _lane.Next(0)!.Sequence);
    }

    private void ReadHeads(params (Guid, int, long)[] heads)
    {
        _lane.BeginReading(heads: true);
        _lane.TakeHeads(heads);
        _lane.EndReading();
    }

    private void Deliver(Item item)
    {
        _lane.Done(item, new DeliveryOutcome.Delivered(204), 0);
        _lane.TakeReport();
        _lane.Kept(new EndpointAfter(_lane.Id, _lane.Endpoint, [(s_job, item.Sequence, null)]));
    }

    private static Item Event(int sequence, bool isAgain = false) => new(
        s_job, sequence, FactType.JobCreated, $"evt_{sequence}", ReadOnlyMemory<byte>.Empty, "https://agent.example/hook",
        "agent.example", [], IsWanted: true, isAgain ? null : new InboxPlace(sequence, s_job, sequence));
}
