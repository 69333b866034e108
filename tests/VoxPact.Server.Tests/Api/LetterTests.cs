using System.Net;
using System.Text.RegularExpressions;
using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Letters to owners: what their links do, once, and for nobody else.</summary>
public sealed partial class LetterTests
{
    private const string Confirm = "/v1/agents/me/confirm-email";
    private const string Recover = "/v1/agents/recover";

    [Theory, ClassData<Databases>]
    public async Task A_link_proves_the_address_once_and_only_by_its_button(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        (await agent.PostAsync(Confirm)).Expect(202);
        string link = await LinkToAsync(server, agent.Name);
        var page = (await server.GetAsync(link)).Expect(200);
        Assert.Contains(agent.Name, page.Text);
        Assert.Contains("frame-ancestors 'none'", page.Header("Content-Security-Policy"));
        Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
        Assert.False(await IsConfirmedAsync(agent));
        (await server.SendAsync(HttpMethod.Post, link)).Expect(200);
        Assert.True(await IsConfirmedAsync(agent));
        (await server.SendAsync(HttpMethod.Post, link)).Expect(410);
        (await server.GetAsync(link)).Expect(410);
    }

    [Theory, ClassData<Databases>]
    public async Task A_link_that_was_made_up_or_is_too_old_does_nothing(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        (await agent.PostAsync(Confirm)).Expect(202);
        string link = await LinkToAsync(server, agent.Name);
        for (int i = "/letters/".Length; i < link.Length; i += 7)
        {
            string forged = link[..i] + (link[i] == 'A' ? 'B' : 'A') + link[(i + 1)..];
            (await server.SendAsync(HttpMethod.Post, forged)).Expect(410);
        }
        foreach (string token in new[] { "x", new string('A', 64), new string('A', 1_000), "a.b" })
            (await server.SendAsync(HttpMethod.Post, $"/letters/{token}")).Expect(410);
        await server.AdvanceAsync(TimeSpan.FromHours(24));
        (await server.SendAsync(HttpMethod.Post, link)).Expect(410);
        Assert.False(await IsConfirmedAsync(agent));
    }

    [Theory, ClassData<Databases>]
    public async Task An_agent_that_was_never_active_joins_when_the_owner_says_yes(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        string email = $"{TestServer.Name("owner")}@example.com";
        var mine = await RegisterAsync(server, email);
        await mine.ActivateAsync();
        await mine.FundAsync(20m);
        var fresh = await RegisterAsync(server, email.ToUpperInvariant());

        // Before the owner has proven the address, nobody can ask to join.
        (await fresh.PostAsync(Confirm, new { join_agent_id = mine.Id })).Expect(202);
        Assert.Contains("confirm your address", await MailboxAsync(server));
        Assert.DoesNotContain("use your cards", await MailboxAsync(server));
        (await mine.PostAsync(Confirm)).Expect(202);
        (await server.SendAsync(HttpMethod.Post, await LinkToAsync(server, mine.Name))).Expect(200);

        (await fresh.PostAsync(Confirm, new { join_agent_id = mine.Id })).Expect(202);
        string link = await LinkToAsync(server, $"may {fresh.Name} use your cards");
        Assert.NotEqual(await OwnerAsync(mine), await OwnerAsync(fresh));
        Assert.Contains(mine.Name, (await server.GetAsync(link)).Expect(200).Text);
        (await server.SendAsync(HttpMethod.Post, link)).Expect(200);
        Assert.Equal(await OwnerAsync(mine), await OwnerAsync(fresh));
        Assert.Equal((20m, 0m), await fresh.MoneyAsync());
        await fresh.ActivateAsync();
        (await fresh.PostAsync("/v1/jobs", new { title = "T", description = "Paid by the owner.", amount = 20m })).Expect(201);
        Assert.Equal((0m, 0m), await mine.MoneyAsync());
    }

    [Theory, ClassData<Databases>]
    public async Task Whoever_registers_with_anothers_address_gains_nothing(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        string email = $"{TestServer.Name("victim")}@example.com";
        var victim = await RegisterAsync(server, email);
        await victim.ActivateAsync();
        await victim.FundAsync(20m);
        (await victim.PostAsync(Confirm)).Expect(202);
        (await server.SendAsync(HttpMethod.Post, await LinkToAsync(server, victim.Name))).Expect(200);
        string owner = await OwnerAsync(victim);

        // The victim even confirms the attacker's registration by mistake.
        var attacker = await RegisterAsync(server, email);
        (await attacker.PostAsync(Confirm)).Expect(202);
        (await server.SendAsync(HttpMethod.Post, await LinkToAsync(server, attacker.Name))).Expect(200);
        Assert.NotEqual(owner, await OwnerAsync(attacker));
        Assert.Equal((0m, 0m), await attacker.MoneyAsync());
        await attacker.ActivateAsync();
        Assert.Single(await attacker.CardsAsync());
        (await attacker.PostAsync(Confirm, new { join_agent_id = victim.Id })).Expect(409, "wrong_state");

        // Whether an agent's owner has the address is told to nobody: the letter is another, the answer the same.
        var stranger = await RegisterAsync(server, "stranger@example.com");
        var one = (await stranger.PostAsync(Confirm, new { join_agent_id = victim.Id })).Expect(202);
        var other = (await stranger.PostAsync(Confirm)).Expect(202);
        Assert.Equal(one.Text, other.Text);
        Assert.DoesNotContain($"may {stranger.Name}", await MailboxAsync(server));
    }

    [Theory, ClassData<Databases>]
    public async Task A_lost_key_is_replaced_by_a_letter_to_the_proven_address(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var node = await server.SecondNodeAsync();
        var agent = await server.AgentAsync();
        string email = $"{agent.Name}@example.com", token = (await server.PostAsync(
            "/v1/agents/auth/token", null, new { api_key = agent.Key })).Expect(200).String("data.token")!;
        var unproven = (await server.PostAsync(Recover, null, new { agent_id = agent.Id, owner_email = email })).Expect(202);
        await server.SettleAsync();
        Assert.DoesNotContain("a new key for", await MailboxAsync(server));

        (await agent.PostAsync(Confirm)).Expect(202);
        (await server.SendAsync(HttpMethod.Post, await LinkToAsync(server, agent.Name))).Expect(200);
        foreach (var wrong in new object[]
        {
            new { agent_id = agent.Id, owner_email = "other@example.com" },
            new { agent_id = "ag_00000000000000000000000000", owner_email = email },
            new { name = "nobody of this name", owner_email = email },
        })
            Assert.Equal(unproven.Text, (await server.PostAsync(Recover, null, wrong)).Expect(202).Text);
        await server.SettleAsync();
        Assert.DoesNotContain("a new key for", await MailboxAsync(server));

        var asked = (await server.PostAsync(Recover, null, new { name = agent.Name, owner_email = email.ToUpperInvariant() }))
            .Expect(202);
        Assert.Equal(unproven.Text, asked.Text);
        string link = await LinkToAsync(server, "a new key for");
        (await node.GetAsync("/v1/jobs", token)).Expect(200);
        string key = Key().Match((await server.SendAsync(HttpMethod.Post, link)).Expect(200).Text).Value;
        (await node.GetAsync("/v1/jobs", key)).Expect(200);
        (await node.GetAsync("/v1/jobs", agent.Key)).Expect(401, "unknown_credential");
        (await node.GetAsync("/v1/jobs", token)).Expect(401, "unknown_credential");
        (await server.SendAsync(HttpMethod.Post, link)).Expect(410);
        await server.SettleAsync();
        Assert.Contains($"{agent.Name} has a new key", await MailboxAsync(server));
        Assert.DoesNotContain(key[..20], await MailboxAsync(server));
        Assert.Single((await server.GetAsync("/v1/events?types=key.recovered&wait=10", key)).Expect(200).Data.EnumerateArray());
    }

    [Theory, ClassData<Databases>]
    public async Task One_link_makes_one_key_however_often_it_is_followed_at_once(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        (await agent.PostAsync(Confirm)).Expect(202);
        (await server.SendAsync(HttpMethod.Post, await LinkToAsync(server, agent.Name))).Expect(200);
        (await server.PostAsync(Recover, null, new { agent_id = agent.Id, owner_email = $"{agent.Name}@example.com" }))
            .Expect(202);
        string link = await LinkToAsync(server, "a new key for");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => server.SendAsync(HttpMethod.Post, link)));
        string key = Key().Match(Assert.Single(answers, answer => answer.Status == 200).Text).Value;
        Assert.Equal(9, answers.Count(answer => answer.Status == 410));
        (await server.GetAsync("/v1/jobs", key)).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task An_address_gets_a_few_letters_a_day(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        string email = $"{TestServer.Name("owner")}@example.com";
        for (int i = 0; i < Domain.Limits.LettersPerDay; i++)
            (await (await RegisterAsync(server, email)).PostAsync(Confirm)).Expect(202);
        var late = await RegisterAsync(server, email);
        (await late.PostAsync(Confirm)).Expect(409, "wrong_state");
        await server.AdvanceAsync(TimeSpan.FromHours(25));
        (await late.PostAsync(Confirm)).Expect(202);
    }

    [Theory, ClassData<Databases>]
    public async Task Letters_go_through_the_mail_server_until_it_takes_them(string database)
    {
        await using var smtp = new SmtpListener(refusals: 1);
        await using var server = await TestServer.StartAsync(database, options => options with
        {
            SmtpHost = "127.0.0.1",
            SmtpPort = smtp.Port,
            MailFrom = "VoxPact <voxpact@example.com>",
        });
        var agent = await server.AgentAsync();
        (await agent.PostAsync(Confirm)).Expect(202);
        // The first attempt is refused for now; the clock brings the next one near.
        await smtp.Refused.WaitAsync(TestContext.Current.CancellationToken);
        await server.AdvanceAsync(TimeSpan.FromMinutes(5));
        string letter = await smtp.Taken.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"To: {agent.Name}@example.com", letter);
        Assert.Contains("From: VoxPact <voxpact@example.com>", letter);
        string link = Link().Match(letter.Replace("=\r\n", "")).Value;
        (await server.SendAsync(HttpMethod.Post, link)).Expect(200);
        Assert.True(await IsConfirmedAsync(agent));
    }

    private static async Task<TestAgent> RegisterAsync(TestServer server, string email)
    {
        string name = TestServer.Name("agent");
        var made = (await server.PostAsync("/v1/agents/register", null,
            new { name, owner_email = email, capabilities = (string[])["x"], accept_terms = true })).Expect(201);
        return new TestAgent(server, System.Text.Json.JsonSerializer.Deserialize(
            made.Data, VoxPactJson.Default.RegisteredAgent)!, name);
    }

    private static async Task<bool> IsConfirmedAsync(TestAgent agent) =>
        (await agent.GetAsync("/v1/agents/me")).Expect(200).At("data.email_confirmed").GetBoolean();

    private static async Task<string> OwnerAsync(TestAgent agent) =>
        (await agent.GetAsync("/v1/agents/me")).Expect(200).String("data.owner_id")!;

    private static async Task<string> MailboxAsync(TestServer server) =>
        WebUtility.HtmlDecode((await server.GetAsync("/sandbox/mailbox")).Expect(200).Text);

    /// <summary>The link of the newest letter whose subject says this.</summary>
    private static async Task<string> LinkToAsync(TestServer server, string subject)
    {
        await server.SettleAsync();
        string letter = (await MailboxAsync(server)).Split("<h3>")
            .First(part => part.Split("</h3>")[0].Contains(subject));
        return Link().Match(letter).Value;
    }

    [GeneratedRegex("/letters/[A-Za-z0-9_-]+")]
    private static partial Regex Link();

    [GeneratedRegex("vxp_live_[A-Za-z0-9]+")]
    private static partial Regex Key();
}
