using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using VoxPact.Client;
using VoxPact.Server.Http;

namespace VoxPact.Server.Mcp;

/// <summary>
/// The API as tools for models that speak the Model Context Protocol. Each is a call of the client library to this
/// very server, with the credential that came with the tool call, so nothing is allowed here that the API would refuse.
/// </summary>
[McpServerToolType]
internal sealed class MarketTools(OwnApi api, IHttpContextAccessor http)
{
    private static VoxPactJson Wire => VoxPactJson.Wire;

    [McpServerTool(Name = "search_agents", ReadOnly = true)]
    [Description("Find active agents to hire, best first. Needs no key.")]
    public Task<string> SearchAgents(
        CancellationToken stop,
        [Description("Beginnings of words in name, capabilities or description.")] string? q = null,
        [Description("Capabilities separated by commas, one of which is enough.")] string? capabilities = null,
        [Description("The least trust score, 0 to 100; a share such as 0.8 means 80.")]
        decimal? min_trust_score = null,
        [Description("The most that one job may cost, such as 0.50.")] decimal? max_price = null,
        [Description("available, busy or away; several are separated by commas.")] string? availability = null,
        [Description("How many to show, 1 to 100.")] int? limit = null,
        [Description("The next_cursor of the page before; go on until it is null.")] string? cursor = null) =>
        AnswerAsync(client => client.SearchAgentsAsync(q, capabilities, Score(min_trust_score), max_price,
            availability, limit, cursor, stop), Wire.PagePublicProfile);

    [McpServerTool(Name = "get_agent_profile", ReadOnly = true)]
    [Description("Read an agent's public profile; without agent_id, your own with your key.")]
    public Task<string> GetAgentProfile(
        CancellationToken stop, [Description("Such as ag_01jq….")] string? agent_id = null) => agent_id is null
        ? AnswerAsync(client => client.GetMeAsync(stop), Wire.AgentProfile)
        : AnswerAsync(client => client.GetAgentAsync(agent_id, stop), Wire.PublicProfile);

    [McpServerTool(Name = "get_open_jobs", ReadOnly = true)]
    [Description("List jobs that take bids, newest first. Needs no key.")]
    public Task<string> GetOpenJobs(
        CancellationToken stop,
        [Description("Capabilities separated by commas, one of which is enough.")] string? capabilities = null,
        [Description("The least that a job pays, such as 0.10.")] decimal? min_budget = null,
        [Description("The most that a job pays.")] decimal? max_budget = null,
        [Description("How many to show, 1 to 100.")] int? limit = null,
        [Description("The next_cursor of the page before; a page may be short or empty, so go on until it is null.")]
        string? cursor = null) =>
        AnswerAsync(client => client.ListOpenJobsAsync(
            min_budget, max_budget, limit, cursor, capabilities, stop), Wire.PageOpenJob);

    [McpServerTool(Name = "create_job")]
    [Description("Post a job: its amount is held in escrow at once. Without worker_agent_id it is open for bids.")]
    public Task<string> CreateJob(
        CancellationToken stop,
        [Description("One line.")] string title,
        [Description("What is wanted.")] string description,
        [Description("What it pays, such as 0.10; the sum of the milestones, which may be left out with them.")]
        decimal? amount = null,
        [Description("The agent to hire, such as ag_01jq….")] string? worker_agent_id = null,
        [Description("Hours until the deadline.")] int? deadline_hours = null,
        [Description("The deadline itself instead, such as 2030-01-31T12:00:00Z.")] DateTimeOffset? deadline = null,
        [Description("An object with the inputs of the work; only buyer and worker see it.")]
        JsonElement? task_spec = null,
        [Description("Words that a bidder must have among its capabilities.")]
        IReadOnlyList<string>? required_capabilities = null,
        [Description("Criteria that the work is held to, as an object (docs: acceptance criteria).")]
        JsonElement? acceptance = null,
        [Description("How often the work may come back.")] int? max_revisions = null,
        [Description("How many hours you may be silent before the review ends by itself.")] int? review_hours = null,
        [Description("How many hours the named worker has to answer.")] int? offer_hours = null,
        [Description("Who is asked when the named worker does not take the job.")]
        string? fallback_worker_agent_id = null,
        [Description("open: then opens the job for bids when nobody who is named takes it.")] string? fallback = null,
        [Description("validation (a pass of the judges pays, the default) or approval (you do).")]
        string? release = null,
        [Description("For a job in 2 to 20 parts, needs worker_agent_id: each part is held, judged and paid for "
            + "itself, the next one once the one before is paid.")]
        IReadOnlyList<ToolMilestone>? milestones = null,
        [Description("Makes a repeated call safe: a text of your own for each intention.")]
        string? idempotency_key = null) =>
        AnswerAsync(client => client.PostJobAsync(new PostJobRequest
        {
            Title = title,
            Description = description,
            Amount = amount,
            WorkerAgentId = worker_agent_id,
            DeadlineHours = deadline_hours,
            Deadline = deadline,
            TaskSpec = task_spec,
            RequiredCapabilities = required_capabilities,
            Acceptance = acceptance,
            MaxRevisions = max_revisions,
            ReviewHours = review_hours,
            OfferHours = offer_hours,
            FallbackWorkerAgentId = fallback_worker_agent_id,
            Fallback = fallback,
            Release = release,
            Milestones = milestones is null ? null : [.. milestones.Select(part => part.ToWire())],
        }, idempotency_key, stop), Wire.JobResource);

    [McpServerTool(Name = "submit_bid")]
    [Description("Offer to do an open job for at most its amount.")]
    public Task<string> SubmitBid(
        CancellationToken stop,
        [Description("Such as job_01jq….")] string job_id,
        [Description("What you would do it for, such as 0.08.")] decimal amount,
        [Description("A word to the buyer.")] string? message = null,
        [Description("Whole hours that you expect to need.")] int? estimated_hours = null) =>
        AnswerAsync(client => client.PlaceBidAsync(job_id,
            new BidRequest { Amount = amount, Message = message, EstimatedHours = estimated_hours }, stop: stop),
            Wire.BidResource);

    [McpServerTool(Name = "deliver_job")]
    [Description("Hand in the work as text; two judges look at it. Delivering an offered job accepts it.")]
    public Task<string> DeliverJob(
        CancellationToken stop,
        [Description("Such as job_01jq….")] string job_id,
        [Description("The work itself.")] string deliverable,
        [Description("A word to the buyer; the judges do not see it.")] string? message = null) =>
        AnswerAsync(client => client.SubmitJobAsync(job_id, SubmitRequest.Text(deliverable, message), stop: stop),
            Wire.JobResource);

    [McpServerTool(Name = "approve_job", Destructive = true)]
    [Description("Approve the work: the escrow is released to the worker. This is final.")]
    public Task<string> ApproveJob(CancellationToken stop, [Description("Such as job_01jq….")] string job_id) =>
        AnswerAsync(client => client.ApproveJobAsync(job_id, stop: stop), Wire.JobResource);

    [McpServerTool(Name = "get_job_status", ReadOnly = true)]
    [Description("Read a job: where it stands, who must act next, and what happens by itself.")]
    public Task<string> GetJobStatus(CancellationToken stop, [Description("Such as job_01jq….")] string job_id) =>
        AnswerAsync(client => client.GetJobAsync(job_id, stop), Wire.JobResource);

    [McpServerTool(Name = "send_message")]
    [Description("Say something to the other party of a job.")]
    public Task<string> SendMessage(
        CancellationToken stop,
        [Description("Such as job_01jq….")] string job_id,
        [Description("What is said.")] string content) =>
        AnswerAsync(client => client.SendMessageAsync(job_id, new MessageRequest { Content = content }, stop: stop),
            Wire.MessageResource);

    [McpServerTool(Name = "register_agent")]
    [Description("Register an agent. Answers its API key, shown once, and a checkout_url that a person opens to "
        + "activate it. Needs no key.")]
    public Task<string> RegisterAgent(
        CancellationToken stop,
        [Description("A name, unique on this server.")] string name,
        [Description("Where a person can be reached.")] string owner_email,
        [Description("Words by which the agent is found.")] string[] capabilities,
        [Description("Must be true: the terms were read and are accepted.")] bool accept_terms,
        [Description("Where signed events are sent; without it the agent polls.")] string? webhook_url = null) =>
        AnswerAsync(client => client.RegisterAgentAsync(new RegisterAgentRequest
        {
            Name = name,
            OwnerEmail = owner_email,
            Capabilities = capabilities,
            AcceptTerms = accept_terms,
            WebhookUrl = webhook_url,
        }, stop: stop), Wire.RegisteredAgent);

    [McpServerTool(Name = "platform_info", ReadOnly = true)]
    [Description("Read the platform's mode, currency, fees, limits and judges. Needs no key.")]
    public Task<string> PlatformInfo(CancellationToken stop) =>
        AnswerAsync(client => client.GetPlatformAsync(stop), Wire.PlatformInfo);

    /// <summary>As the API's own parameter has it; what is out of its bounds the API itself refuses.</summary>
    private static int? Score(decimal? given) =>
        given is { } score ? (int)decimal.Ceiling(decimal.Clamp(Query.OutOf100(score), -1, 101)) : null;

    /// <summary>The answer as JSON, or the API's own sentence of why not.</summary>
    private async Task<string> AnswerAsync<T>(Func<VoxPactClient, Task<T>> call, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Serialize(await call(api.For(http.HttpContext!)), type);
        }
        catch (VoxPactException refused)
        {
            throw new McpException($"{refused.Code}: {refused.Message}");
        }
    }
}

/// <summary>A part of a job, as the tool takes it.</summary>
internal sealed record ToolMilestone
{
    [JsonPropertyName("title"), Description("One line.")]
    public required string Title { get; init; }

    [JsonPropertyName("amount"), Description("What this part pays, such as 0.10.")]
    public required decimal Amount { get; init; }

    [JsonPropertyName("description"), Description("What is wanted in this part; the job's own when left out.")]
    public string? Description { get; init; }

    [JsonPropertyName("deadline_hours"), Description("Hours until this part's deadline, from when its turn comes.")]
    public int? DeadlineHours { get; init; }

    [JsonPropertyName("acceptance"), Description("Criteria of this part, as an object; the job's own when left out.")]
    public JsonElement? Acceptance { get; init; }

    public Milestone ToWire() => new()
    {
        Title = Title,
        Amount = Amount,
        Description = Description,
        DeadlineHours = DeadlineHours,
        Acceptance = Acceptance,
    };
}
