using System.Security.Cryptography;
using System.Text.Json;
using VoxPact.Client;

namespace VoxPact.Server.Demo;

/// <summary>What the demo's buyer tells its worker: where the document is and how to know it.</summary>
internal sealed record TaskSpec
{
    public required string Document { get; init; }
    public required string MediaType { get; init; }
    public required string Url { get; init; }
    public required string Sha256 { get; init; }
}

/// <summary>
/// One whole hire, from two registrations to money in a bank account, through the HTTP API and Stripe's pages
/// alone: whatever happens here, any two agents can do.
/// </summary>
internal sealed class Hire(
    string server, HttpClient http, DemoListener listener, SourceDocument document, Telling story,
    CancellationToken stop)
{
    private const string BuyerName = "demo-buyer";
    private const string WorkerName = "demo-worker";
    private const decimal Price = 0.10m;
    private const string FirstCard = "4242424242424242";
    private const string SecondCard = "5555555555554444";

    private readonly HostedPages _pages = new(http, server + Sandbox.Path);
    private VoxPactClient _buyer = null!, _worker = null!;
    private string _workerId = "";

    public AgentProfile Buyer { get; private set; } = null!;
    public AgentProfile Worker { get; private set; } = null!;

    /// <summary>Returns the job as it ended.</summary>
    public async Task<JobResource> PlayAsync()
    {
        await RegisterAsync();
        await SaveCardAsync();
        await ConnectAsync();
        var job = await PostAsync();
        var spec = await AcceptAsync();
        await WorkAsync(job.Id, spec);
        job = await JudgeAsync(job.Id);
        await GetPaidAsync();
        return job;
    }

    private async Task RegisterAsync()
    {
        story.Step("Two agents register and complete Checkout");
        (_buyer, _) = await RegisterAsync("buyer", BuyerName, "research", listener.Buyer);
        (_worker, _workerId) = await RegisterAsync("worker", WorkerName, "summarization", listener.Worker);
    }

    private async Task<(VoxPactClient Client, string Id)> RegisterAsync(
        string who, string name, string capability, Inbox inbox)
    {
        var registered = await new VoxPactClient(http).RegisterAgentAsync(new RegisterAgentRequest
        {
            Name = name,
            OwnerEmail = $"{who}@example.com",
            Capabilities = [capability],
            OwnerCountry = "DE",
            Pricing = new Pricing { PerJob = Price },
            WebhookUrl = $"{listener.Url}/{who}",
            AcceptTerms = true,
        }, stop: stop);
        inbox.Secret = registered.WebhookSecret;
        story.Does(who, $"registers as {name}: {registered.AgentId}, {registered.Status}; "
            + "key and signing secret shown once");
        string said = await _pages.PayAsync(registered.CheckoutUrl, FirstCard, name, stop);
        story.Does(who,
            $"fills in Stripe's Checkout page (simulated) with the test card ending in 4242: \"{said}\"");
        story.Hears(who, await inbox.WaitForAsync("agent.activated", stop));
        return (new VoxPactClient(http, registered.ApiKey), registered.AgentId);
    }

    private async Task SaveCardAsync()
    {
        story.Step("The buyer saves a second card");
        var setup = await _buyer.SetUpPaymentMethodAsync(stop: stop);
        string publishable = setup.PublishableKey
            ?? throw new DemoBroke("The server names no publishable key.");
        story.Does("buyer", $"asks for a SetupIntent: {setup.ClientSecret[..16]}…, "
            + $"confirmed as Stripe.js does with {publishable}");
        string saved = await _pages.ConfirmSetupAsync(setup.ClientSecret, publishable, SecondCard, stop);
        var cards = (await _buyer.ListPaymentMethodsAsync(stop)).Data;
        if (cards.All(card => card.Id != saved)) throw new DemoBroke($"The card {saved} is not in the list.");
        story.Does("buyer", "now has " + string.Join(" and ", cards.Select(
            card => $"{card.Brand} ••{card.Last4}{(card.IsDefault ? " (default)" : "")}")));
    }

    private async Task ConnectAsync()
    {
        story.Step("The worker connects a bank account");
        var page = await _worker.StartOnboardingAsync(stop: stop);
        await _pages.OnboardAsync(page.OnboardingUrl, WorkerName, stop);
        var status = await _worker.GetConnectStatusAsync(stop);
        if (!status.PayoutsEnabled) throw new DemoBroke("Payouts are not enabled after onboarding.");
        story.Does("worker",
            $"completes Stripe's onboarding page (simulated): {status.StripeAccountId}, payouts enabled");
    }

    private async Task<JobResource> PostAsync()
    {
        story.Step($"The buyer posts a job of {Price:0.00}");
        var before = await _buyer.GetMeAsync(stop);
        var job = await _buyer.PostJobAsync(new PostJobRequest
        {
            WorkerAgentId = _workerId,
            Title = $"Summarise the document {document.Name}",
            Description = "Read the document that task_spec names and return a typed summary: its title, its "
                + "opening, how many words it has, and the most frequent terms; for a table also rows and "
                + "columns, for text sections and links.",
            Amount = Price,
            DeadlineHours = 24,
            TaskSpec = JsonSerializer.SerializeToElement(new TaskSpec
            {
                Document = document.Name,
                MediaType = document.MediaType,
                Url = listener.DocumentUrl,
                Sha256 = document.Sha256,
            }, DemoJson.Default.TaskSpec),
            Acceptance = SummarizeDocument.Acceptance(document),
        }, stop: stop);
        Buyer = await _buyer.GetMeAsync(stop);
        decimal left = Buyer.Balance ?? 0, charged = left + job.Amount - (before.Balance ?? 0);
        story.Does(
            "buyer", $"posts {job.Id} \"{job.Title}\" to {WorkerName}; a schema says what counts as done");
        story.Moves($"card charged {Show(charged)} (the smallest charge), "
            + $"{Show(job.Amount)} held in escrow, {Show(left)} stay balance");
        story.State(job);
        return job;
    }

    private async Task<TaskSpec> AcceptAsync()
    {
        story.Step("The worker hears of it and accepts");
        var created = await listener.Worker.WaitForAsync("job.created", stop);
        story.Hears("worker", created, $"offers {Show(created.Data.GetProperty("amount").GetDecimal())}");
        string id = created.Data.GetProperty("job_id").GetString()!;
        var accepted = await _worker.AcceptJobAsync(id, stop: stop);
        story.Does("worker", $"accepts; the fee is fixed at {Show(accepted.Fee ?? 0)}");
        story.State(accepted);
        story.Hears("buyer", await listener.Buyer.WaitForAsync("job.accepted", stop));
        var offered = await _worker.GetJobAsync(id, stop);
        return offered.TaskSpec?.Deserialize(DemoJson.Default.TaskSpec)
            ?? throw new DemoBroke("The job has no task_spec.");
    }

    private async Task WorkAsync(string jobId, TaskSpec spec)
    {
        story.Step("The worker works");
        byte[] fetched = await http.GetByteArrayAsync(spec.Url, stop);
        if (Convert.ToHexStringLower(SHA256.HashData(fetched)) != spec.Sha256)
            throw new DemoBroke($"What {spec.Url} serves is not the document that the job names.");
        story.Does("worker",
            $"fetches {spec.Document} from the buyer, {fetched.Length} bytes, SHA-256 as the job says");
        var summary = SummarizeDocument.Run(new SourceDocument(spec.Document, document.Kind, fetched));
        foreach (string line in Highlights(summary)) story.Does("worker", line);
        var submitted =
            await _worker.SubmitJobAsync(jobId, new SubmitRequest { Deliverable = summary }, stop: stop);
        story.Does("worker",
            "submits the summary; it meets the job's schema, or it would have been refused at once");
        story.State(submitted);
    }

    private async Task<JobResource> JudgeAsync(string jobId)
    {
        story.Step("Two judges answer, the escrow is released");
        story.Hears("buyer", await listener.Buyer.WaitForAsync("job.submitted", stop));
        var judged = await listener.Buyer.WaitForAsync("job.validated", stop);
        string outcome = judged.Data.GetProperty("outcome").GetString()!;
        story.Hears("buyer", judged, $"outcome {outcome}");
        var job = await _buyer.GetJobAsync(jobId, stop);
        foreach (var judge in job.LastVerdict?.Judges ?? [])
            story.Does("judge",
                $"{judge.Name} ({judge.Model}): {(judge.Pass is true ? "pass" : "no pass")}, confidence "
                + $"{judge.Confidence:0.00}. {string.Join(" ", judge.Reasons ?? [])}");
        if (job.State == "review")
        {
            story.Does("buyer", $"reads the work itself, since the verdict is {outcome}, and approves it");
            job = await _buyer.ApproveJobAsync(jobId, stop: stop);
        }
        story.State(job);
        if (job.State != "completed")
            throw new DemoBroke(
                $"The judges did not pass the summary of {document.Name} ({outcome}), so nothing was paid: "
                + string.Join(" ", job.LastVerdict?.Reasons ?? []));
        story.Hears("buyer", await listener.Buyer.WaitForAsync("job.completed", stop));
        var paid = await listener.Worker.WaitForAsync("payment.received", stop);
        story.Hears("worker", paid);
        story.Moves($"escrow released: {Amount(paid, "amount")} = "
            + $"{Amount(paid, "net")} to the worker + {Amount(paid, "fee")} fee");
        return job;
    }

    private async Task GetPaidAsync()
    {
        story.Step("The worker's earnings reach its connected account");
        var paid = await listener.Worker.WaitForAsync("payout.paid", stop);
        story.Hears("worker", paid);
        Worker = await _worker.GetMeAsync(stop);
        Buyer = await _buyer.GetMeAsync(stop);
        story.Moves($"{Amount(paid, "amount")} transferred to Stripe Connect (simulated); "
            + $"earnings left: {Show(Worker.Earnings ?? 0)}");
    }

    private static IEnumerable<string> Highlights(JsonElement summary)
    {
        string terms = string.Join(
            ", ", summary.GetProperty("top_terms").EnumerateObject().Take(5).Select(term => term.Name));
        string text(string name) => summary.GetProperty(name).ToString();
        int count(string name) => summary.GetProperty(name) is { ValueKind: JsonValueKind.Array } list
            ? list.GetArrayLength()
            : summary.GetProperty(name).EnumerateObject().Count();
        yield return text("kind") == "csv"
            ? $"reads \"{text("title")}\": {text("rows")} rows, {count("columns")} columns, "
                + $"{text("words")} words"
            : $"reads \"{text("title")}\": {count("sections")} sections, "
                + $"{text("words")} words, {count("links")} links";
        yield return $"finds that it is about {terms}";
    }

    private string Amount(WebhookEvent heard, string member) =>
        Show(heard.Data.GetProperty(member).GetDecimal());

    private string Show(decimal amount) => Telling.Money(amount, "eur");
}
