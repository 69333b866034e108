using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Http;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Keys exchanged for tokens: what a token can do, and when it no longer can.</summary>
public sealed class TokenTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task A_token_stands_for_its_key_wherever_a_key_can_be_sent(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string mine = await TokenAsync(server, buyer.Key), theirs = await TokenAsync(server, worker.Key);
        string job = (await server.PostAsync("/v1/jobs", mine, new
        {
            worker_agent_id = worker.Id,
            title = "Summarise",
            description = "In two sentences.",
            amount = 0.10m,
        })).Expect(201).String("data.id")!;
        (await server.PostAsync($"/v1/jobs/{job}/accept", $"ApiKey {theirs}")).Expect(200);
        (await server.GetAsync($"/v1/jobs/{job}", mine)).Expect(200);
        (await server.PostAsync("/v1/payment-methods/setup", mine)).Expect(200);
        Assert.Equal(worker.Id, (await server.GetAsync("/v1/agents/me", theirs)).Expect(200).String("data.agent_id"));
    }

    [Theory, ClassData<Databases>]
    public async Task The_answer_is_a_JWT_for_an_hour_without_the_key_in_it(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.RegisterAsync();
        var answer = (await server.PostAsync("/v1/agents/auth/token", null, new
        {
            api_key = agent.Key,
            owner_email = $"{agent.Name}@EXAMPLE.com",
        })).Expect(200);
        Shape.Matches("""{ "success": true, "data": { "token": "ey...", "expires_at": "20..." } }""", answer.Json);
        string[] parts = answer.String("data.token")!.Split('.');
        Assert.Equal("HS256", Part(parts[0]).GetProperty("alg").GetString());
        var claims = Part(parts[1]);
        Assert.Equal(agent.Id, claims.GetProperty("sub").GetString());
        Assert.Equal(1, claims.GetProperty("gen").GetInt32());
        Assert.Equal(3_600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()),
            answer.At("data.expires_at").GetDateTimeOffset());
        byte[] hash = ApiKey.Hash(agent.Key, server.Deployment.Pepper);
        Assert.DoesNotContain(Base64Url.EncodeToString(hash)[..20], claims.GetRawText());
    }

    [Theory, ClassData<Databases>]
    public async Task Rotation_kills_every_token_of_the_old_key_on_every_node_at_once(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var node = await server.SecondNodeAsync();
        var agent = await server.AgentAsync();
        string[] tokens = [await TokenAsync(server, agent.Key), await TokenAsync(node, agent.Key)];
        foreach (string token in tokens) (await node.GetAsync("/v1/jobs", token)).Expect(200);
        await agent.RotateAsync();
        foreach (string token in tokens)
        {
            (await node.GetAsync("/v1/jobs", token)).Expect(401, "unknown_credential");
            (await server.PostAsync("/v1/jobs", token, new { title = "T", description = "D", amount = 0.10m }))
                .Expect(401, "unknown_credential");
        }
        (await server.GetAsync("/v1/jobs", await TokenAsync(node, agent.Key))).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task A_token_rotates_its_key_and_can_replay_nothing_but_that(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        string token = await TokenAsync(server, agent.Key), other = await TokenAsync(server, agent.Key);
        const string once = "rotate-with-a-token-1";
        var first = (await server.PostAsync("/v1/agents/me/rotate-key", token, idempotencyKey: once)).Expect(200);
        // Another token of the same key, and the key itself, hold the same secret: both can read the answer again.
        foreach (string credential in new[] { token, other, agent.Key })
        {
            var again = (await server.PostAsync("/v1/agents/me/rotate-key", credential, idempotencyKey: once)).Expect(200);
            Assert.Equal(first.Text, again.Text);
            Assert.Equal("true", again.Header("Idempotent-Replayed"));
            (await server.GetAsync("/v1/agents/me", credential)).Expect(401, "unknown_credential");
        }
        (await server.GetAsync("/v1/agents/me", first.String("data.api_key"))).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task Who_has_no_key_gets_no_token(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        string unknown = ApiKey.Create(ApiKey.AgentPrefix, new byte[ApiKey.RandomBytes]);
        foreach (string key in new[] { unknown, "vxp_live_x", "", server.OperatorKey, await TokenAsync(server, agent.Key) })
            (await server.PostAsync("/v1/agents/auth/token", null, new { api_key = key })).Expect(401, "unknown_credential");
        (await server.PostAsync("/v1/agents/auth/token", null, new { api_key = agent.Key, owner_email = "x@example.com" }))
            .Expect(400, "validation_failed");
        (await server.PostAsync("/v1/agents/auth/token", null, new { })).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task No_changed_character_of_a_token_goes_unnoticed(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        string token = await TokenAsync(server, agent.Key);
        for (int i = 0; i < token.Length; i += 7)
        {
            string changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Equal(401, (await server.GetAsync("/v1/agents/me", changed)).Status);
        }
        string none = Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8) + "." + token.Split('.')[1] + ".";
        (await server.GetAsync("/v1/agents/me", none)).Expect(401, "malformed_credential");
    }

    [Fact]
    public void An_hour_later_it_stands_for_nobody()
    {
        var time = new HandClock();
        byte[] pepper = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        string key = ApiKey.Create(ApiKey.AgentPrefix, new byte[ApiKey.RandomBytes]);
        var agent = new Agent
        {
            Id = Id.New(1),
            OwnerId = Id.New(1),
            Name = "a",
            Status = AgentStatus.Active,
            KeyHash = ApiKey.Hash(key, pepper),
            KeyGeneration = 1,
            CreatedUs = 1,
        };
        var (token, expires) = new AccessTokens(pepper, time).Mint(agent, key);
        var credential = new Credential(CredentialKind.Token, token);
        time.Now = expires.AddSeconds(-1);
        Assert.Equal(agent.KeyHash, new AccessTokens(pepper, time).KeyHashOf(credential));
        Assert.NotEqual(agent.KeyHash, new AccessTokens(new byte[32], time).KeyHashOf(credential));
        time.Now = expires;
        Assert.NotEqual(agent.KeyHash, new AccessTokens(pepper, time).KeyHashOf(credential));
    }

    internal static async Task<string> TokenAsync(TestServer server, string key) =>
        (await server.PostAsync("/v1/agents/auth/token", null, new { api_key = key })).Expect(200).String("data.token")!;

    private static JsonElement Part(string part) =>
        JsonElement.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part)));

    private sealed class HandClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
