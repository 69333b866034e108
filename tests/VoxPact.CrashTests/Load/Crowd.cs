using System.Text.Json;

namespace VoxPact.CrashTests.Load;

/// <summary>An agent that is active: a buyer with a saved card, or a worker with an account for its earnings.</summary>
internal sealed record Member(string Name, string Id, string ApiKey);

/// <summary>Many agents that hire and work, each after its own random choices, until they are told to rest.</summary>
internal sealed class Crowd(Link link, Listener listener, int seed)
{
    /// <summary>
    /// How many things an agent does at once, for a post can wait for its charge for long; and how many come anew.
    /// </summary>
    private const int LivesEach = 3, Newcoming = 3;

    private const string Good = "Summary: the quarterly report finds revenue up 12 percent. Costs fell because two offices "
        + "were closed.";

    private static readonly string[] s_deliverables =
    [
        Good, Good, Good, Good + " [sandbox:pass]", Good + " [sandbox:pass]", Good + " [sandbox:fail]",
        Good + " [sandbox:unsure]", Good + " [sandbox:suspect]",
    ];

    private readonly List<Member> _buyers = [], _workers = [];
    private readonly List<Task> _lives = [];
    private int _newcomers, _joined;
    private readonly CancellationTokenSource _rest = new();

    public IEnumerable<Member> Everybody => _buyers.Concat(_workers);

    /// <summary>Of those who came while the server was killed, how many there were and how many went all the way.</summary>
    public (int Came, int Joined) Newcomers => (_newcomers, _joined);

    /// <summary>Registers, activates and connects everybody, through the pages a person would fill in.</summary>
    public async Task GatherAsync(int each, CancellationToken stop)
    {
        for (int i = 0; i < each; i++) _buyers.Add(await JoinAsync($"buyer-{i}", stop));
        for (int i = 0; i < each; i++)
        {
            var worker = await JoinAsync($"worker-{i}", stop);
            await OnboardAsync(worker, stop);
            _workers.Add(worker);
        }
    }

    public void Begin(CancellationToken stop)
    {
        for (int life = 0; life < LivesEach * _buyers.Count; life++)
        {
            var (buyer, worker) = (_buyers[life % _buyers.Count], _workers[life % _workers.Count]);
            var (buys, works) = (new Random(seed * 1_000 + life), new Random(seed * 1_000 + 500 + life));
            Live(() => BuyAsync(buyer, buys, stop), buys, stop);
            Live(() => WorkAsync(worker, works, stop), works, stop);
        }
        for (int life = 0; life < Newcoming; life++)
            Live(() => JoinOrGiveUpAsync($"newcomer-{Interlocked.Increment(ref _newcomers)}", stop),
                new Random(seed * 1_000 + 900 + life), stop);
    }

    /// <summary>Nobody begins anything new; completes when every request has its definite answer.</summary>
    public async Task RestAsync(CancellationToken stop)
    {
        await _rest.CancelAsync();
        await Task.WhenAll(_lives).WaitAsync(stop);
    }

    /// <summary>
    /// Somebody registers, pays, saves a card and onboards while the server dies and comes back. A person whom a page
    /// does not answer goes away; what the server has then done must be whole all the same.
    /// </summary>
    private async Task JoinOrGiveUpAsync(string name, CancellationToken stop)
    {
        try
        {
            await OnboardAsync(await JoinAsync(name, stop), stop);
            Interlocked.Increment(ref _joined);
        }
        catch (Exception gone) when (gone is HttpRequestException or Refused
            || (gone is TaskCanceledException && !stop.IsCancellationRequested))
        {
            // They are counted as the difference.
        }
    }

    private async Task<Member> JoinAsync(string name, CancellationToken stop)
    {
        var joined = (await link.PostAsync("", "/v1/agents/register", new
        {
            name,
            owner_email = $"{name}@example.com",
            capabilities = new[] { "summarization" },
            webhook_url = listener.UrlOf(name),
            accept_terms = true,
        }, stop)).Expected.Data;
        await link.FillInAsync(joined.GetProperty("checkout_url").GetString()!, stop,
            ("number", "4242424242424242"), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "Ada Example"));
        return new Member(
            name, joined.GetProperty("agent_id").GetString()!, joined.GetProperty("api_key").GetString()!);
    }

    private async Task OnboardAsync(Member worker, CancellationToken stop)
    {
        var page = await link.PostAsync(worker.ApiKey, "/v1/connect/onboard", null, stop);
        await link.FillInAsync(page.Expected.Json.GetProperty("onboarding_url").GetString()!, stop,
            ("country", "DE"), ("legal_name", "Ada Example"), ("iban", "DE89370400440532013000"),
            ("outcome", "verified"));
    }

    private void Live(Func<Task> act, Random random, CancellationToken stop) =>
        _lives.Add(Task.Run(() => LiveAsync(act, random, stop), CancellationToken.None));

    private async Task LiveAsync(Func<Task> act, Random random, CancellationToken stop)
    {
        while (!_rest.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            await act();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5, 60)), stop);
        }
    }

    private async Task BuyAsync(Member buyer, Random random, CancellationToken stop)
    {
        int choice = random.Next(100);
        if (choice < 45) await PostAsync(buyer, _workers[random.Next(_workers.Count)].Id, random, stop);
        else if (choice < 60) await PostAsync(buyer, null, random, stop);
        else if (choice < 72) await ChooseBidAsync(buyer, random, stop);
        else if (choice < 77)
            await link.PostAsync(buyer.ApiKey, "/v1/balance/withdraw", new { amount = random.Next(1, 100) / 100m }, stop);
        else if (choice < 81 && await PickAsync(buyer, choice < 79 ? "active" : "completed", random, stop) is { } talked)
        {
            string path = $"/v1/jobs/{talked.GetProperty("id").GetString()}";
            if (choice < 79) await link.PostAsync(buyer.ApiKey, path + "/messages", new { content = "How is it going?" }, stop);
            else await link.PostAsync(buyer.ApiKey, path + "/review", new { rating = random.Next(1, 6) }, stop);
        }
        else if (choice < 83)
            await link.PostAsync(buyer.ApiKey, "/v1/balance/top-up", new { amount = random.Next(50, 500) / 100m }, stop);
        else if (await PickAsync(buyer, choice < 93 ? "active" : "pending", random, stop) is { } job)
            await AnswerAsync(buyer, job, random, stop);
    }

    private Task PostAsync(Member buyer, string? worker, Random random, CancellationToken stop)
    {
        var job = new Dictionary<string, object>
        {
            ["title"] = "Summarise this document",
            ["description"] = "A summary of the quarterly report in two sentences.",
            ["amount"] = random.Next(10, 300) / 100m,
            ["release"] = random.Next(4) == 0 ? "approval" : "validation",
            ["deadline_hours"] = random.Next(12, 72),
        };
        if (worker is not null) job["worker_agent_id"] = worker;
        return link.PostAsync(buyer.ApiKey, "/v1/jobs", job, stop);
    }

    private async Task ChooseBidAsync(Member buyer, Random random, CancellationToken stop)
    {
        if (await PickAsync(buyer, "pending", random, stop) is not { } job || job.GetProperty("state").GetString() != "open")
            return;
        string id = job.GetProperty("id").GetString()!;
        if (await link.GetAsync(buyer.ApiKey, $"/v1/jobs/{id}/bids", stop) is not { } bids) return;
        if (Any(bids, random) is { } bid)
            await link.PostAsync(buyer.ApiKey, $"/v1/jobs/{id}/bids/{bid.GetProperty("id").GetString()}/accept", null, stop);
    }

    private async Task AnswerAsync(Member buyer, JsonElement job, Random random, CancellationToken stop)
    {
        string path = $"/v1/jobs/{job.GetProperty("id").GetString()}";
        switch (job.GetProperty("state").GetString())
        {
            case "review" or "failed" when random.Next(3) > 0:
                await link.PostAsync(buyer.ApiKey, path + "/approve", null, stop);
                break;
            case "review" when random.Next(2) == 0:
                await link.PostAsync(buyer.ApiKey, path + "/request-revision", new { reason = "Shorter, please." }, stop);
                break;
            case "review":
                await link.PostAsync(buyer.ApiKey, path + "/dispute", new { reason = "It is about another report." }, stop);
                break;
            case "open" or "offered" or "funding" when random.Next(3) == 0:
                await link.PostAsync(buyer.ApiKey, path + "/cancel", new { reason = "No longer needed." }, stop);
                break;
        }
    }

    private async Task WorkAsync(Member worker, Random random, CancellationToken stop)
    {
        int choice = random.Next(100);
        if (choice < 20) await BidAsync(worker, random, stop);
        else if (choice < 55 && await PickAsync(worker, "pending", random, stop) is { } offer
            && offer.GetProperty("state").GetString() == "offered")
        {
            string path = $"/v1/jobs/{offer.GetProperty("id").GetString()}";
            if (random.Next(12) == 0) await link.PostAsync(worker.ApiKey, path + "/decline", new { reason = "Too busy." }, stop);
            else await link.PostAsync(worker.ApiKey, path + "/accept", null, stop);
        }
        else if (choice < 95 && await PickAsync(worker, "active", random, stop) is { } job
            && job.GetProperty("state").GetString() == "active")
            await link.PostAsync(worker.ApiKey, $"/v1/jobs/{job.GetProperty("id").GetString()}/submit",
                new { deliverable = s_deliverables[random.Next(s_deliverables.Length)] }, stop);
        else if (await PickAsync(worker, "disputed", random, stop) is { } disputed && random.Next(2) == 0)
            await link.PostAsync(worker.ApiKey, $"/v1/jobs/{disputed.GetProperty("id").GetString()}/concede", null, stop);
    }

    private async Task BidAsync(Member worker, Random random, CancellationToken stop)
    {
        if (await link.GetAsync(worker.ApiKey, "/v1/jobs/open", stop) is not { } open || Any(open, random) is not { } job)
            return;
        decimal most = job.GetProperty("amount").GetDecimal();
        decimal price = Math.Max(0.05m, Math.Round(most * random.Next(50, 101) / 100m, 2));
        await link.PostAsync(worker.ApiKey, $"/v1/jobs/{job.GetProperty("id").GetString()}/bid", new { amount = price }, stop);
    }

    private async Task<JsonElement?> PickAsync(Member who, string status, Random random, CancellationToken stop) =>
        await link.GetAsync(who.ApiKey, $"/v1/jobs?status={status}&limit=20", stop) is { } jobs ? Any(jobs, random) : null;

    private static JsonElement? Any(JsonElement page, Random random)
    {
        var items = page.GetProperty("data");
        return items.GetArrayLength() == 0 ? null : items[random.Next(items.GetArrayLength())];
    }
}
