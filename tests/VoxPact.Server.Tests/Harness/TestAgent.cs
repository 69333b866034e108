using System.Net.Http.Json;
using System.Text.Json;
using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>Stripe's published test cards, by what they do.</summary>
internal static class TestCards
{
    public const string Good = "4242424242424242";
    public const string Mastercard = "5555555555554444";

    /// <summary>Others that every charge succeeds on: owners with one card count as one person.</summary>
    public static readonly string[] Approved =
    [
        "4012888888881881", "4111111111111111", "4000056655665556", "2223003122003222", "5200828282828210",
        "5105105105105100", "378282246310005", "371449635398431", "6011111111111117", "3056930009020004",
        "3566002020360505", "6200000000000005", "4000002760000016", "4000002500000003", "4000000400000008",
        "4000008260000000",
    ];

    /// <summary>Can be saved; every charge is declined.</summary>
    public const string DeclinesCharges = "4000000000000341";

    /// <summary>The bank wants its owner present at every charge.</summary>
    public const string NeedsOwner = "4000002760003184";

    /// <summary>Its money is in Stripe's available balance at once.</summary>
    public const string AvailableAtOnce = "4000000000000077";
}

/// <summary>An agent and what its people would do for it, over HTTP and the hosted pages only.</summary>
internal sealed class TestAgent(TestServer server, RegisteredAgent registered, string name)
{
    public string Id => registered.AgentId;
    public string Name => name;
    public string CheckoutUrl => registered.CheckoutUrl;
    public string? WebhookSecret => registered.WebhookSecret;

    /// <summary>The newest key: <see cref="RotateAsync"/> changes it.</summary>
    public string Key { get; set; } = registered.ApiKey;

    public Task<Answer> GetAsync(string path) => server.GetAsync(path, Key);

    public Task<Answer> PostAsync(string path, object? body = null, string? idempotencyKey = null) =>
        server.PostAsync(path, Key, body, idempotencyKey);

    public Task<Answer> PostRawAsync(string path, string body, string? idempotencyKey = null) =>
        server.PostRawAsync(path, Key, body, idempotencyKey: idempotencyKey);

    public Task<Answer> PatchAsync(string path, object body) =>
        server.SendAsync(HttpMethod.Patch, path, Key, JsonContent.Create(body));

    public Task<Answer> DeleteAsync(string path) => server.SendAsync(HttpMethod.Delete, path, Key);

    /// <summary>Completes the Checkout page with a card: the agent is active and the card saved.</summary>
    public Task ActivateAsync(string card = TestCards.Good) => server.FillInAsync(CheckoutUrl, Card(card));

    /// <summary>Saves another card with the client secret, on the simulator's card form.</summary>
    public async Task SaveCardAsync(string card)
    {
        string secret = (await PostAsync("/v1/payment-methods/setup")).Expect(200).String("client_secret")!;
        string intent = secret[..secret.IndexOf("_secret", StringComparison.Ordinal)];
        await server.FillInAsync($"{server.Url}/sandbox/stripe/setup/{intent}?client_secret={secret}", Card(card));
    }

    /// <summary>The saved cards as the API lists them.</summary>
    public async Task<List<JsonElement>> CardsAsync() =>
        [.. (await GetAsync("/v1/payment-methods")).Expect(200).Data.EnumerateArray()];

    public async Task RemoveCardsAsync()
    {
        foreach (var card in await CardsAsync())
            (await DeleteAsync($"/v1/payment-methods/{card.GetProperty("id").GetString()}")).Expect(200);
    }

    /// <summary>Completes Connect's onboarding; from then on earnings are transferred.</summary>
    public async Task OnboardAsync()
    {
        string url = (await PostAsync("/v1/connect/onboard")).Expect(200).String("onboarding_url")!;
        await server.FillInAsync(url, ("country", "DE"), ("legal_name", "Ada Example"),
            ("iban", "DE89370400440532013000"), ("outcome", "verified"));
    }

    public async Task RotateAsync() =>
        Key = (await PostAsync("/v1/agents/rotate-key")).Expect(200).String("data.api_key")!;

    /// <summary>The owner's money: what can fund jobs, and what was earned and not yet transferred.</summary>
    public async Task<(decimal Balance, decimal Earnings)> MoneyAsync()
    {
        var me = (await GetAsync("/v1/agents/me")).Expect(200).Data;
        return (me.GetProperty("balance").GetDecimal(), me.GetProperty("earnings").GetDecimal());
    }

    /// <summary>Brings a balance about: a job of that amount, posted and cancelled.</summary>
    public async Task FundAsync(decimal amount)
    {
        string job = await PostJobAsync(new { title = "Funding", description = "Is cancelled at once.", amount });
        (await PostAsync($"/v1/jobs/{job}/cancel")).Expect(200);
    }

    /// <summary>Posts a job and gives its id.</summary>
    public async Task<string> PostJobAsync(object job) =>
        (await PostAsync("/v1/jobs", job)).Expect(201).String("data.id")!;

    /// <summary>Posts a job for a worker, of 0.10 unless told otherwise.</summary>
    public Task<string> HireAsync(
        TestAgent worker, decimal amount = 0.10m, string release = "validation", int? deadlineHours =
            24, int maxRevisions = 2) =>
        PostJobAsync(new
        {
            worker_agent_id = worker.Id,
            title = "Summarise this document",
            description = "A summary of the quarterly report in two sentences.",
            amount,
            release,
            deadline_hours = deadlineHours,
            max_revisions = maxRevisions,
        });

    /// <summary>Accepts and submits; the judges have answered when this returns.</summary>
    public async Task WorkAsync(string job, string deliverable = Deliverables.Good)
    {
        (await PostAsync($"/v1/jobs/{job}/accept")).Expect(200);
        await SubmitAsync(job, deliverable);
    }

    /// <summary>Submits; the judges have answered when this returns.</summary>
    public async Task SubmitAsync(string job, string deliverable = Deliverables.Good)
    {
        (await PostAsync($"/v1/jobs/{job}/submit", new { deliverable })).Expect(200);
        await server.SettleAsync();
    }

    /// <summary>The job as this agent sees it.</summary>
    public async Task<JsonElement> JobAsync(string job) => (await GetAsync($"/v1/jobs/{job}")).Expect(200).Data;

    /// <summary>The types of what this agent is told of a job, oldest first, once there are so many.</summary>
    public Task<List<string>> EventsAsync(string job, int count) => ToldAsync($"job_id={job}", count);

    /// <summary>As above, of these types.</summary>
    public Task<List<string>> EventsOfAsync(string types, int count) => ToldAsync($"types={types}", count);

    private async Task<List<string>> ToldAsync(string filter, int count)
    {
        List<string> types = [];
        for (string after = ""; types.Count < count;)
        {
            var page = (await GetAsync($"/v1/events?{filter}&wait=10{after}")).Expect(200);
            if (page.Data.GetArrayLength() == 0) break;
            types.AddRange(page.Data.EnumerateArray().Select(told => told.GetProperty("type").GetString()!));
            after = $"&after={page.String("next_cursor")}";
        }
        return types;
    }

    public async Task ExpectAsync(string job, string state, string? closedReason = null)
    {
        var seen = await JobAsync(job);
        Assert.True(seen.GetProperty("state").GetString() == state, $"The job is not {state}: {seen}");
        if (closedReason is not null) Assert.Equal(closedReason, seen.GetProperty("closed_reason").GetString());
    }

    private static (string, string)[] Card(string number) =>
        [("number", number), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "Ada Example")];
}
