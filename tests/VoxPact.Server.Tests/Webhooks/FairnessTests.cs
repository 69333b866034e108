using VoxPact.Domain.Agents;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>One agent's endpoints leave places for another's on the same host, and at the same address.</summary>
public sealed class FairnessTests
{
    private static readonly Guid s_greedy = new(1, 0, 0, new byte[8]);
    private static readonly Guid s_modest = new(2, 0, 0, new byte[8]);

    [Theory, ClassData<Databases>]
    public async Task An_agent_is_told_at_an_address_that_hangs_for_another_one(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var shared = await WebhookListener.StartAsync();
        var (greedy, modest) = (await server.AgentAsync("greedy"), await server.AgentAsync("modest"));
        await server.SettleAsync();
        var hung = new TaskCompletionSource();
        using var hanging = new CountdownEvent(20);
        shared.Respond = async told =>
        {
            if (told.Data.GetProperty("agent_id").GetString() != greedy.Id) return 204;
            if (!hung.Task.IsCompleted) hanging.Signal();
            await hung.Task;
            return 204;
        };
        for (int i = 0; i < 20; i++) await EndpointTests.AddAsync(greedy, shared, "webhook.ping");
        await EndpointTests.AddAsync(modest, shared, "webhook.ping");
        (await greedy.PostAsync("/v1/events/test")).Expect(201);
        Assert.True(hanging.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        (await modest.PostAsync("/v1/events/test")).Expect(201);
        var told = await shared.NextAsync("webhook.ping");
        Assert.Equal(modest.Id, told.Data.GetProperty("agent_id").GetString());
        hung.SetResult();
        await server.SettleAsync();
        Assert.Equal(21, shared.All.Count);
    }

    [Fact]
    public void Alone_an_agent_has_half_of_a_host_and_with_others_less()
    {
        var places = new SendingPlaces(inAll: 1_000, perHost: 100);
        Assert.Equal(50, TakeAll(places, s_greedy));
        Assert.Equal(25, TakeAll(places, s_modest));
        int[] others = [.. Enumerable.Range(3, 5).Select(i => TakeAll(places, new Guid(i, 0, 0, new byte[8])))];
        Assert.Equal([13, 6, 3, 2, 1], others);
        // The first that comes free is for one who has none.
        places.GiveBack("agent.example", s_greedy);
        Assert.False(places.IsFreeFor(Lane(s_greedy)));
        Assert.True(places.IsFreeFor(Lane(new Guid(9, 0, 0, new byte[8]))));
    }

    [Fact]
    public void Who_waits_for_a_place_is_asked_when_one_comes_free_before_who_had_it()
    {
        var places = new SendingPlaces(inAll: 1_000, perHost: 4);
        var (first, second) = (Lane(s_greedy), Lane(s_modest));
        Assert.Equal(2, TakeAll(places, s_greedy));
        Assert.Equal(1, TakeAll(places, s_modest));
        Assert.False(places.IsFreeFor(first));
        Assert.False(places.IsFreeFor(second));
        // Twice in the queue would be twice the share.
        Assert.False(places.IsFreeFor(first));
        var asked = places.GiveBack("agent.example", s_greedy);
        Assert.Contains(second, asked);
        Assert.Single(asked, first);
        Assert.True(places.IsFreeFor(second));
        places.Take("agent.example", s_modest);
        Assert.False(places.IsFreeFor(first));
        for (int i = 0; i < 3; i++) places.GiveBack("agent.example", i == 0 ? s_greedy : s_modest);
        Assert.Equal(0, places.Taken);
    }

    [Fact]
    public void What_is_under_way_in_all_is_bounded_too()
    {
        var places = new SendingPlaces(inAll: 10, perHost: 100);
        Assert.Equal(10, TakeAll(places, s_greedy));
        var other = Lane(s_modest);
        Assert.False(places.IsFreeFor(other));
        Assert.Contains(other, places.GiveBack("agent.example", s_greedy));
        Assert.True(places.IsFreeFor(other));
    }

    private static int TakeAll(SendingPlaces places, Guid agent)
    {
        int taken = 0;
        while (places.IsFreeFor(Lane(agent)))
        {
            places.Take("agent.example", agent);
            taken++;
        }
        return taken;
    }

    private static EndpointLane Lane(Guid agent) => new(new WebhookEndpoint
    {
        Id = agent,
        AgentId = agent,
        Url = "https://agent.example/hook",
        Secret = [],
        CreatedUs = 0,
        SentUpTo = InboxPlace.Start,
    });
}
