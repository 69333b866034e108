using System.Text;
using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>A posted job after its request was checked, before anybody looked at rows.</summary>
internal sealed record JobDraft
{
    public Refusal? Refusal { get; private init; }
    public Guid? Worker { get; private init; }
    public Guid? Fallback { get; private init; }
    private bool FallsOpen { get; init; }
    private int? OfferHours { get; init; }
    private string Title { get; init; } = "";
    private string Description { get; init; } = "";
    private long? DeadlineUs { get; init; }
    private IReadOnlyList<JobPart> Parts { get; init; } = [];

    /// <summary>What is spent with the post: the amount, of all parts where there are some.</summary>
    public Money Whole { get; private init; }
    private string? TaskSpec { get; init; }
    private string? AcceptanceJson { get; init; }
    private string Capabilities { get; init; } = "[]";
    private int MaxRevisions { get; init; }
    private int ReviewHours { get; init; }
    private ReleaseMode Release { get; init; }

    public static JobDraft From(PostJobRequest request, long nowUs, Policy policy)
    {
        var errors = new FieldErrors();
        var parts = Milestones.From(request, policy, errors);
        var draft = new JobDraft
        {
            Worker = WorkerOf(request, errors),
            Fallback = FallbackOf(request, errors),
            FallsOpen = request.Fallback is { } fallback && errors.OneOf("fallback", fallback, "open") == "open",
            OfferHours = OfferHoursOf(request, errors),
            Title = errors.Text("title", request.Title, Limits.TitleChars),
            Description = errors.Text("description", request.Description, Limits.DescriptionChars),
            Parts = parts,
            Whole = Milestones.Whole(request, parts, policy, errors),
            DeadlineUs = Deadline(request, nowUs, errors),
            TaskSpec = errors.Object("task_spec", request.TaskSpec, Limits.SpecBytes),
            AcceptanceJson = AcceptanceOf("", request.Acceptance, errors),
            Capabilities = errors.Words("required_capabilities", request.RequiredCapabilities ?? []),
            MaxRevisions = errors.Range("max_revisions",
                request.MaxRevisions ?? Math.Min(Limits.MaxRevisionsDefault, policy.MaxRevisions), 0,
                policy.MaxRevisions),
            ReviewHours = errors.Range("review_hours", request.ReviewHours ?? Limits.ReviewHoursDefault, 1,
                Limits.ReviewHoursMax),
            Release = errors.OneOf("release", request.Release ?? "validation", "validation", "approval") == "approval"
                ? ReleaseMode.Approval
                : ReleaseMode.Validation,
        };
        return errors.Refusal is { } refusal ? new JobDraft { Refusal = refusal } : draft;
    }

    /// <summary>What was agreed of each part of a job in parts, whose first the job with this id is.</summary>
    public IEnumerable<JobPart> PartsOf(Guid first) =>
        Parts.Select(part => part with { SeriesId = first, JobId = part.Number == 1 ? first : null });

    /// <summary>The job that is posted now: the whole, or its first part.</summary>
    public (Job Job, JobTerms Terms) Build(Guid id, Agent buyer, Agent? worker, Agent? fallback, long nowUs)
    {
        var first = Parts.Count > 0 ? Parts[0] : null;
        return (new Job
        {
            Id = id,
            BuyerAgent = buyer.Id,
            BuyerOwner = buyer.OwnerId,
            WorkerAgent = worker?.Id,
            WorkerOwner = worker?.OwnerId,
            IsOpen = worker is null,
            OfferHours = OfferHours,
            FallbackAgent = fallback?.Id,
            FallbackOwner = fallback?.OwnerId,
            FallsOpen = FallsOpen,
            Title = first?.Title ?? Title,
            Amount = first?.Amount ?? Whole,
            Release = Release,
            ReviewHours = ReviewHours,
            MaxRevisions = MaxRevisions,
            DeadlineUs = first is null ? DeadlineUs : nowUs + first.DeadlineHours * JobTimes.HourUs,
            CreatedUs = nowUs,
            Part = first is null ? null : new PartPlace(id, 1, Parts.Count),
        }, new JobTerms
        {
            JobId = id,
            Description = first?.Description ?? Description,
            TaskSpec = TaskSpec,
            Acceptance = first is null ? AcceptanceJson : first.Acceptance,
            RequiredCapabilities = Capabilities,
        });
    }

    private static Guid? WorkerOf(PostJobRequest request, FieldErrors errors)
    {
        string type = errors.OneOf(
            "job_type", request.JobType ?? (request.WorkerAgentId is null ? "open" : "direct"), "direct", "open");
        if (request.WorkerAgentId is null)
        {
            if (type == "direct") errors.Add("worker_agent_id", "A direct job needs a worker_agent_id.");
            return null;
        }
        if (type == "open")
            errors.Add("worker_agent_id", "An open job has no worker_agent_id; leave one of the two out.");
        return AgentOf("worker_agent_id", request.WorkerAgentId, errors);
    }

    private static Guid? AgentOf(string field, string text, FieldErrors errors)
    {
        if (Id.TryParse(Id.Agent, text, out var agent)) return agent;
        errors.Add(field, $"{field} must be an agent's id, such as ag_01jq….");
        return null;
    }

    private static Guid? FallbackOf(PostJobRequest request, FieldErrors errors)
    {
        if (request.FallbackWorkerAgentId is not { } text) return null;
        if (text == request.WorkerAgentId)
            errors.Add("fallback_worker_agent_id", "The fallback must be another agent than worker_agent_id.");
        return AgentOf("fallback_worker_agent_id", text, errors);
    }

    /// <summary>Where a fallback waits, the named worker has a day unless the buyer says otherwise.</summary>
    private static int? OfferHoursOf(PostJobRequest request, FieldErrors errors)
    {
        bool hasFallback = request.FallbackWorkerAgentId is not null || request.Fallback is not null;
        if (request.WorkerAgentId is null && (hasFallback || request.OfferHours is not null))
            errors.Add(request.OfferHours is not null ? "offer_hours" : "fallback",
                "Only a job that names its worker_agent_id has offer_hours and a fallback.");
        return request.OfferHours is { } hours ? errors.Range("offer_hours", hours, 1, Limits.OfferHoursMax)
            : hasFallback ? Limits.OfferHoursDefault : null;
    }

    private static long? Deadline(PostJobRequest request, long nowUs, FieldErrors errors)
    {
        if (request is { DeadlineHours: not null, Deadline: not null })
        {
            errors.Add("deadline", "Send deadline or deadline_hours, not both.");
            return null;
        }
        if (request.DeadlineHours is { } hours)
            return nowUs + errors.Range("deadline_hours", hours, 1, Limits.DeadlineHoursMax) * JobTimes.HourUs;
        return DeadlineOf(request.Deadline, nowUs, errors);
    }

    /// <summary>A deadline that was given as a moment, in business time; null without one.</summary>
    public static long? DeadlineOf(DateTimeOffset? given, long nowUs, FieldErrors errors)
    {
        if (given is not { } deadline) return null;
        long at = (deadline - DateTimeOffset.UnixEpoch).Ticks / 10;
        if (at <= nowUs || at > nowUs + Limits.DeadlineHoursMax * JobTimes.HourUs)
            errors.Add("deadline", $"deadline must lie in the future, at most {Limits.DeadlineHoursMax} hours ahead.");
        return at;
    }

    /// <param name="within">What stands before the names of its fields.</param>
    public static string? AcceptanceOf(string within, JsonElement? acceptance, FieldErrors errors)
    {
        if (acceptance is not { } json || json.ValueKind is JsonValueKind.Null) return null;
        if (Acceptance.TryParse(json, out _, out var problems)) return json.GetRawText();
        foreach (var (field, sentences) in problems) errors.Add(within + field, [.. sentences]);
        return null;
    }
}
