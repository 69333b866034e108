using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Active agents have names that people can tell apart.</summary>
public sealed class LookAlikeNameTests
{
    [Theory, ClassData<Databases>]
    public async Task A_name_that_looks_like_an_active_one_is_taken(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var other = await server.AgentAsync();
        await ActiveAsync(server, "PayPal Helper 10");
        foreach (string name in new[]
        {
            "paypal helper 10", "PayPaI Helper 10", "Pay\u0420al Helper 10", "PayPal Helper lO", "P\u0430yPal Helper 1\u041E",
            "\u03A1ayPal He1per 1\u03BF",
        })
        {
            (await RegisterAsync(server, name)).Expect(409, "name_taken");
            (await other.PatchAsync("/v1/agents/me", new { name })).Expect(409, "name_taken");
        }
        await ActiveAsync(server, "SQWIJYsce");
        (await RegisterAsync(server, "\u0405\u051A\u051C\u0406\u0408\u0423\uA731\u1D04\u212E")).Expect(409, "name_taken");
        (await RegisterAsync(server, "\u13DAQWIJYsce")).Expect(409, "name_taken");
        await ActiveAsync(server, "Modern Mall");
        (await RegisterAsync(server, "Modem Mall")).Expect(409, "name_taken");
        (await RegisterAsync(server, "Modern Mail")).Expect(201);
        (await other.PatchAsync("/v1/agents/me", new { name = "MODERN MAlL II" })).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task Of_two_that_look_alike_the_first_to_be_active_has_the_name(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var first = await RegisteredAsync(server, "Lens");
        var second = await RegisteredAsync(server, "L\u0435ns");
        await second.ActivateAsync();
        await first.ActivateAsync();
        Assert.Equal("L\u0435ns", (await second.GetAsync("/v1/agents/me")).String("data.name"));
        Assert.StartsWith("Lens-", (await first.GetAsync("/v1/agents/me")).String("data.name"));
        (await second.PatchAsync("/v1/agents/me", new { name = "Lens" })).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task Names_from_before_are_told_apart_after_the_next_start(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await ActiveAsync(server, "Older Agent");
        await Ledger.Tampering.RunAsync(server, "update agent_names set skeleton = null");
        (await RegisterAsync(server, "\u041Elder Agent")).Expect(201);
        await server.RestartAsync();
        (await RegisterAsync(server, "\u041Elder Agent")).Expect(409, "name_taken");
    }

    private static Task<Answer> RegisterAsync(TestServer server, string name) =>
        server.PostAsync("/v1/agents/register", null,
            new { name, owner_email = "you@example.com", capabilities = (string[])["x"], accept_terms = true });

    private static async Task<TestAgent> RegisteredAsync(TestServer server, string name) =>
        new(server, System.Text.Json.JsonSerializer.Deserialize((await RegisterAsync(server, name)).Expect(201).Data,
            VoxPact.Client.VoxPactJson.Default.RegisteredAgent)!, name);

    private static async Task ActiveAsync(TestServer server, string name) =>
        await (await RegisteredAsync(server, name)).ActivateAsync();
}
