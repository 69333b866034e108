using System.Reflection;
using System.Text.Json.Nodes;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Ledger;

namespace VoxPact.Server.Http;

/// <summary>
/// What the wire records' types cannot say, by member: lengths, ranges, words, patterns of ids.
/// </summary>
internal sealed class SchemaRules(Policy policy)
{
    private static readonly string[] s_outcomes = [.. Enum.GetValues<VerdictOutcome>().Select(JobWords.Of)];
    private static readonly string[] s_levels = ["bronze", "silver", "gold", "platinum"];
    private static readonly string[] s_agentStatuses = ["pending_activation", "active", "suspended", "deleted"];
    private static readonly string[] s_availability = [.. Agents.AgentView.AvailabilityWords];
    private static readonly string[] s_kinds = ["direct", "open"];
    private static readonly string[] s_releases = ["validation", "approval"];

    private static readonly string[] s_states = [.. Enum.GetValues<JobState>().Select(JobWords.Of)];

    // The record knows that servers of other versions may leave these out; this one never does.
    private static readonly string[] s_always =
        [nameof(Problem.Type), nameof(Problem.Title), nameof(Problem.Detail), nameof(Problem.Instance),
         nameof(Problem.Error), nameof(Problem.Code), nameof(Problem.RequestId)];

    private readonly Dictionary<(Type, string), JsonObject> _rules = OfAgents(policy)
        .Concat(OfRequests(policy)).Concat(OfParts(policy)).Concat(OfJobs()).Concat(OfTheRest())
        .ToDictionary(row => (row.Type, row.Member), row => row.Rule);

    public bool AlwaysThere(MemberInfo member) =>
        member.DeclaringType == typeof(Problem) && s_always.Contains(member.Name);

    public bool RefusesNull(MemberInfo member) => member.DeclaringType == typeof(UpdateAgentRequest)
        && member.Name is nameof(UpdateAgentRequest.Capabilities) or nameof(UpdateAgentRequest.Name)
            or nameof(UpdateAgentRequest.Availability);

    /// <summary>The schema with the member's own rule laid over it.</summary>
    public JsonObject Apply(MemberInfo member, JsonObject schema)
    {
        if (member.Name == "Success") schema["const"] = member.DeclaringType != typeof(Problem);
        if (!_rules.TryGetValue((member.DeclaringType!, member.Name), out var rule)) return schema;
        if (rule.ContainsKey("$ref")) return (JsonObject)rule.DeepClone();
        foreach (var (keyword, value) in rule) schema[keyword] = value?.DeepClone();
        return schema;
    }

    public static string IdPattern(string prefix) => $"^{prefix}_[0-9a-hjkmnp-tv-z]{{26}}$";

    public static JsonObject Words(IEnumerable<string> words) =>
        new() { ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) };

    private static JsonObject Id(string prefix) => new() { ["pattern"] = IdPattern(prefix) };

    private static JsonObject Between(int least, int most) => new() { ["minItems"] = least, ["maxItems"] = most };

    private static JsonObject Text(int most, int least = 0) => least == 0
        ? new() { ["maxLength"] = most }
        : new() { ["minLength"] = least, ["maxLength"] = most };

    private static JsonObject Range(decimal least, decimal most) =>
        new() { ["minimum"] = least, ["maximum"] = most };

    private static JsonObject Object() => new() { ["type"] = "object" };

    private static JsonObject WordList() => new()
    {
        ["items"] = new JsonObject
        {
            ["type"] = "string",
            ["minLength"] = 1,
            ["maxLength"] = Limits.CapabilityChars,
        },
        ["maxItems"] = Limits.Capabilities,
    };

    /// <summary>An amount above nothing, up to the deployment's largest job.</summary>
    private static JsonObject Payable(Policy policy) => new()
    {
        ["exclusiveMinimum"] = 0,
        ["maximum"] = policy.MaxAmount.ToDecimal(policy.CurrencyDecimals),
    };

    /// <summary>A share of one, in hundredths of a percent; no money.</summary>
    private static JsonObject Share() => new() { ["multipleOf"] = 0.0001m, ["minimum"] = 0, ["maximum"] = 1 };

    private static IEnumerable<(Type Type, string Member, JsonObject Rule)> OfAgents(Policy policy)
    {
        yield return (typeof(Pricing), nameof(Pricing.PerJob), Payable(policy));
        var register = typeof(RegisterAgentRequest);
        yield return (register, nameof(RegisterAgentRequest.Name), Text(Limits.NameChars, 1));
        yield return (register, nameof(RegisterAgentRequest.OwnerEmail), Text(Limits.EmailChars, 3));
        yield return (register, nameof(RegisterAgentRequest.Capabilities), WordList());
        yield return (register, nameof(RegisterAgentRequest.WebhookUrl), Text(Limits.UrlChars));
        yield return (register, nameof(RegisterAgentRequest.AcceptTerms), new() { ["const"] = true });
        yield return (register, nameof(RegisterAgentRequest.OwnerCountry),
            new() { ["pattern"] = "^[A-Za-z]{2}$" });
        yield return (register, nameof(RegisterAgentRequest.Description), Text(Limits.DescriptionChars));
        yield return (register, nameof(RegisterAgentRequest.RateCard), Object());
        var update = typeof(UpdateAgentRequest);
        yield return (update, nameof(UpdateAgentRequest.WebhookUrl), Text(Limits.UrlChars));
        yield return (update, nameof(UpdateAgentRequest.Description), Text(Limits.DescriptionChars));
        yield return (update, nameof(UpdateAgentRequest.Capabilities), WordList());
        yield return (update, nameof(UpdateAgentRequest.RateCard), Object());
        yield return (update, nameof(UpdateAgentRequest.Name), Text(Limits.NameChars, 1));
        yield return (update, nameof(UpdateAgentRequest.Availability), Words(s_availability));
        yield return (update, nameof(UpdateAgentRequest.MonthlyLimit), new() { ["minimum"] = 0 });
        yield return (typeof(AgentProfile), nameof(AgentProfile.Availability), Words(s_availability));
        yield return (typeof(RegisteredAgent), nameof(RegisteredAgent.AgentId), Id(Domain.Id.Agent));
        yield return (typeof(RegisteredAgent), nameof(RegisteredAgent.Status), Words(s_agentStatuses));
        yield return (typeof(PublicProfile), nameof(PublicProfile.AgentId), Id(Domain.Id.Agent));
        yield return (typeof(PublicProfile), nameof(PublicProfile.Level), Words(s_levels));
        yield return (typeof(PublicProfile), nameof(PublicProfile.Availability), Words(s_availability));
        yield return (typeof(PublicProfile), nameof(PublicProfile.TrustScore), Range(0, 100));
        yield return (typeof(PublicProfile), nameof(PublicProfile.RateCard), Object());
        yield return (typeof(PublicProfile), nameof(PublicProfile.Rating),
            new() { ["multipleOf"] = 0.01m, ["minimum"] = 1, ["maximum"] = 5 });
        var profile = typeof(AgentProfile);
        yield return (profile, nameof(AgentProfile.AgentId), Id(Domain.Id.Agent));
        yield return (profile, nameof(AgentProfile.OwnerId), Id(Domain.Id.Owner));
        yield return (profile, nameof(AgentProfile.Status), Words(s_agentStatuses));
        yield return (profile, nameof(AgentProfile.Level), Words(s_levels));
        yield return (profile, nameof(AgentProfile.TrustScore), Range(0, 100));
        yield return (profile, nameof(AgentProfile.RateCard), Object());
    }

    private static IEnumerable<(Type Type, string Member, JsonObject Rule)> OfRequests(Policy policy)
    {
        var post = typeof(PostJobRequest);
        yield return (post, nameof(PostJobRequest.WorkerAgentId), Id(Domain.Id.Agent));
        yield return (post, nameof(PostJobRequest.JobType), Words(s_kinds));
        yield return (post, nameof(PostJobRequest.Title), Text(Limits.TitleChars, 1));
        yield return (post, nameof(PostJobRequest.Description), Text(Limits.DescriptionChars, 1));
        yield return (post, nameof(PostJobRequest.Amount), Payable(policy));
        yield return (post, nameof(PostJobRequest.DeadlineHours), Range(1, Limits.DeadlineHoursMax));
        yield return (post, nameof(PostJobRequest.TaskSpec), Object());
        yield return (post, nameof(PostJobRequest.RequiredCapabilities), WordList());
        yield return (post, nameof(PostJobRequest.MaxRevisions), Range(0, policy.MaxRevisions));
        yield return (post, nameof(PostJobRequest.Release), Words(s_releases));
        yield return (post, nameof(PostJobRequest.ReviewHours), Range(1, Limits.ReviewHoursMax));
        yield return (post, nameof(PostJobRequest.Acceptance), Schemas.RefTo("AcceptanceCriteria"));
        yield return (typeof(BidRequest), nameof(BidRequest.Amount), Payable(policy));
        yield return (typeof(BidRequest), nameof(BidRequest.ProposedPrice), Payable(policy));
        yield return (typeof(BidRequest), nameof(BidRequest.Message), Text(Limits.MessageChars));
        yield return (typeof(BidRequest), nameof(BidRequest.EstimatedHours),
            Range(1, Limits.DeadlineHoursMax));
        var upload = typeof(UploadRequest);
        yield return (upload, nameof(UploadRequest.Purpose), Text(Limits.MessageTypeChars));
        yield return (upload, nameof(UploadRequest.Filename), Text(Limits.FileNameChars, 1));
        yield return (upload, nameof(UploadRequest.ContentType), Text(Limits.FileNameChars, 3));
        yield return (upload, nameof(UploadRequest.FileSizeBytes), Range(1, Limits.FileBytes));
        yield return (typeof(PayoutRequest), nameof(PayoutRequest.AmountCents), new() { ["minimum"] = 1 });
        yield return (typeof(MessageRequest), nameof(MessageRequest.Content), Text(Limits.MessageChars, 1));
        yield return (typeof(MessageRequest), nameof(MessageRequest.Type), Text(Limits.MessageTypeChars));
        yield return (typeof(ReviewRequest), nameof(ReviewRequest.Rating), Range(1, 5));
        yield return (typeof(ReviewRequest), nameof(ReviewRequest.Comment), Text(Limits.MessageChars));
        yield return (typeof(SubmitRequest), nameof(SubmitRequest.Deliverable), Deliverable());
        yield return (typeof(SubmitRequest), nameof(SubmitRequest.Message), Text(Limits.MessageChars));
        yield return (typeof(RequestRevisionRequest), nameof(RequestRevisionRequest.Reason),
            Text(Limits.ReasonChars));
        yield return (typeof(RequestRevisionRequest), nameof(RequestRevisionRequest.Feedback),
            Text(Limits.ReasonChars));
        yield return (typeof(CancelJobRequest), nameof(CancelJobRequest.Reason), Text(Limits.ReasonChars));
        yield return (typeof(DeclineJobRequest), nameof(DeclineJobRequest.Reason), Text(Limits.ReasonChars));
        yield return (typeof(DisputeJobRequest), nameof(DisputeJobRequest.Reason),
            Text(Limits.ReasonChars, 1));
        yield return (typeof(ResolveDisputeRequest), nameof(ResolveDisputeRequest.Outcome),
            Words(["release", "refund", "split"]));
        yield return (typeof(ResolveDisputeRequest), nameof(ResolveDisputeRequest.Amount), Payable(policy));
        yield return (typeof(TopUpRequest), nameof(TopUpRequest.Amount), Payable(policy));
        yield return (typeof(BonusRequest), nameof(BonusRequest.Amount), Payable(policy));
        yield return (typeof(PausePayoutsRequest), nameof(PausePayoutsRequest.Reason), Text(Limits.ReasonChars, 1));
        yield return (typeof(WriteOffRequest), nameof(WriteOffRequest.Reason), Text(Limits.ReasonChars, 1));
        yield return (typeof(AdoptRequest), nameof(AdoptRequest.Id), Text(Payments.AdoptPayment.IdChars, 1));
        yield return (typeof(CapitalRequest), nameof(CapitalRequest.Reason), Text(Limits.ReasonChars, 1));
        yield return (typeof(CapitalRequest), nameof(CapitalRequest.Direction), Words(["add", "take"]));
        yield return (typeof(ResolveDisputeRequest), nameof(ResolveDisputeRequest.Reason),
            Text(Limits.ReasonChars, 1));
        yield return (typeof(ClockRequest), nameof(ClockRequest.AdvanceSeconds),
            Range(0, Platform.MoveClock.MostSeconds));
    }

    private static IEnumerable<(Type Type, string Member, JsonObject Rule)> OfParts(Policy policy)
    {
        yield return (typeof(PostJobRequest), nameof(PostJobRequest.Milestones),
            Between(Limits.PartsLeast, Limits.PartsMost));
        var milestone = typeof(Milestone);
        yield return (milestone, nameof(Milestone.Title), Text(Limits.TitleChars, 1));
        yield return (milestone, nameof(Milestone.Description), Text(Limits.DescriptionChars, 1));
        yield return (milestone, nameof(Milestone.Amount), Payable(policy));
        yield return (milestone, nameof(Milestone.DeadlineHours), Range(1, Limits.DeadlineHoursMax));
        yield return (milestone, nameof(Milestone.Acceptance), Schemas.RefTo("AcceptanceCriteria"));
        yield return (typeof(SeriesResource), nameof(SeriesResource.Id), Id(Domain.Id.Job));
        yield return (typeof(PartResource), nameof(PartResource.JobId), Id(Domain.Id.Job));
        yield return (typeof(PartResource), nameof(PartResource.Acceptance), Schemas.RefTo("AcceptanceCriteria"));
        yield return (typeof(PartResource), nameof(PartResource.Status),
            Words([.. Enum.GetValues<JobState>().Select(JobWords.StatusOf).Distinct(), "waiting", "dropped"]));
    }

    private static JsonObject Deliverable() => new() { ["type"] = new JsonArray("string", "object") };

    private static IEnumerable<(Type Type, string Member, JsonObject Rule)> OfJobs()
    {
        var job = typeof(JobResource);
        yield return (job, nameof(JobResource.Id), Id(Domain.Id.Job));
        yield return (job, nameof(JobResource.Status), Schemas.RefTo("JobStatus"));
        yield return (job, nameof(JobResource.State), Schemas.RefTo("JobState"));
        yield return (job, nameof(JobResource.BuyerAgentId), Id(Domain.Id.Agent));
        yield return (job, nameof(JobResource.WorkerAgentId), Id(Domain.Id.Agent));
        yield return (job, nameof(JobResource.JobType), Words(s_kinds));
        yield return (job, nameof(JobResource.TaskSpec), Object());
        yield return (job, nameof(JobResource.Spec), Object());
        yield return (job, nameof(JobResource.Acceptance), Schemas.RefTo("AcceptanceCriteria"));
        yield return (job, nameof(JobResource.Release), Words(s_releases));
        yield return (job, nameof(JobResource.ClosedReason),
            Words(Enum.GetValues<ClosedReason>().Select(JobWords.Of).Distinct()));
        yield return (job, nameof(JobResource.CancelRequestedBy), Words(["buyer", "worker"]));
        yield return (typeof(NextAction), nameof(NextAction.Who),
            Words(["buyer", "worker", "judges", "arbiter", "platform", "parties", "nobody"]));
        var open = typeof(OpenJob);
        yield return (open, nameof(OpenJob.Id), Id(Domain.Id.Job));
        yield return (open, nameof(OpenJob.Status), Words(["pending"]));
        yield return (open, nameof(OpenJob.State), Words(["open"]));
        yield return (open, nameof(OpenJob.BuyerAgentId), Id(Domain.Id.Agent));
        yield return (open, nameof(OpenJob.JobType), Words(["open"]));
        yield return (typeof(BidResource), nameof(BidResource.Id), Id(Domain.Id.Bid));
        yield return (typeof(BidResource), nameof(BidResource.JobId), Id(Domain.Id.Job));
        yield return (typeof(BidResource), nameof(BidResource.AgentId), Id(Domain.Id.Agent));
        yield return (typeof(BidResource), nameof(BidResource.Status),
            Words(["pending", "accepted", "rejected", "withdrawn"]));
        yield return (typeof(CounterOfferResource), nameof(CounterOfferResource.AgentId), Id(Domain.Id.Agent));
        yield return (typeof(EvidenceResource), nameof(EvidenceResource.Id), Id(Domain.Id.Evidence));
        yield return (typeof(EvidenceResource), nameof(EvidenceResource.JobId), Id(Domain.Id.Job));
        yield return (typeof(EvidenceResource), nameof(EvidenceResource.AgentId), Id(Domain.Id.Agent));
        yield return (typeof(RulingResource), nameof(RulingResource.Outcome), Words(["release", "refund", "split"]));
        yield return (typeof(RulingResource), nameof(RulingResource.AppealedBy), Words(["buyer", "worker"]));
        yield return (typeof(UploadTicket), nameof(UploadTicket.FileId), Id(Domain.Id.File));
        yield return (typeof(FileResource), nameof(FileResource.Id), Id(Domain.Id.File));
        yield return (typeof(FileResource), nameof(FileResource.JobId), Id(Domain.Id.Job));
        yield return (typeof(FileResource), nameof(FileResource.UploaderAgentId), Id(Domain.Id.Agent));
        yield return (typeof(FileResource), nameof(FileResource.Status), Words(["pending", "uploaded", "confirmed"]));
        yield return (typeof(FileResource), nameof(FileResource.Sha256), new() { ["pattern"] = "^[0-9a-f]{64}$" });
        yield return (typeof(DownloadTicket), nameof(DownloadTicket.Sha256),
            new() { ["pattern"] = "^[0-9a-f]{64}$" });
        yield return (typeof(PayoutResource), nameof(PayoutResource.Id), Id(Domain.Id.Operation));
        yield return (typeof(PayoutResource), nameof(PayoutResource.Status), Words(["pending", "paid", "failed"]));
        yield return (typeof(SiblingAgent), nameof(SiblingAgent.AgentId), Id(Domain.Id.Agent));
        yield return (typeof(SiblingAgent), nameof(SiblingAgent.Status), Words(s_agentStatuses));
        yield return (typeof(SiblingAgent), nameof(SiblingAgent.Level), Words(s_levels));
        yield return (typeof(TrustChange), nameof(TrustChange.From), Range(0, 100));
        yield return (typeof(TrustChange), nameof(TrustChange.To), Range(0, 100));
        yield return (typeof(MessageResource), nameof(MessageResource.Id), Id(Domain.Id.Message));
        yield return (typeof(MessageResource), nameof(MessageResource.JobId), Id(Domain.Id.Job));
        yield return (typeof(MessageResource), nameof(MessageResource.SenderAgentId), Id(Domain.Id.Agent));
        yield return (typeof(ReviewResource), nameof(ReviewResource.JobId), Id(Domain.Id.Job));
        yield return (typeof(ReviewResource), nameof(ReviewResource.ReviewerAgentId), Id(Domain.Id.Agent));
        yield return (typeof(ReviewResource), nameof(ReviewResource.AgentId), Id(Domain.Id.Agent));
        yield return (typeof(ReviewResource), nameof(ReviewResource.Rating), Range(1, 5));
        yield return (typeof(SubmissionResource), nameof(SubmissionResource.JobId), Id(Domain.Id.Job));
        yield return (typeof(SubmissionResource), nameof(SubmissionResource.Deliverable), Deliverable());
        yield return (typeof(SubmissionResource), nameof(SubmissionResource.Sha256),
            new() { ["pattern"] = "^[0-9a-f]{64}$" });
        yield return (typeof(VerdictResource), nameof(VerdictResource.Outcome), Words(s_outcomes));
        yield return (typeof(VerdictResource), nameof(VerdictResource.DeliverableSha256),
            new() { ["pattern"] = "^[0-9a-f]{64}$" });
        yield return (typeof(RecommendationResource), nameof(RecommendationResource.JobId), Id(Domain.Id.Job));
        yield return (typeof(RecommendationResource), nameof(RecommendationResource.Recommends),
            Words(["release", "refund", "nothing"]));
        yield return (typeof(JudgeOpinion), nameof(JudgeOpinion.Confidence), Share());
        yield return (typeof(JudgeOpinion), nameof(JudgeOpinion.Flaw), Words(["malformed", "refused", "suspicious"]));
    }

    private static IEnumerable<(Type Type, string Member, JsonObject Rule)> OfTheRest()
    {
        yield return (typeof(PaymentMethodResource), nameof(PaymentMethodResource.Last4),
            new() { ["pattern"] = "^[0-9]{4}$" });
        yield return (typeof(PaymentMethodResource), nameof(PaymentMethodResource.ExpMonth), Range(1, 12));
        yield return (typeof(RemovedPaymentMethod), nameof(RemovedPaymentMethod.Removed),
            new() { ["const"] = true });
        yield return (typeof(MoneyOperation), nameof(MoneyOperation.Id), Id(Domain.Id.Operation));
        yield return (typeof(MoneyOperation), nameof(MoneyOperation.Kind),
            Words(Enum.GetValues<OperationKind>().Select(Domain.Ledger.Operation.Word)));
        yield return (typeof(MoneyOperation), nameof(MoneyOperation.State),
            Words(Enum.GetValues<OperationState>().Select(Domain.Ledger.Operation.Word)));
        yield return (typeof(WithdrawalResource), nameof(WithdrawalResource.Id), Id(Domain.Id.Operation));
        yield return (typeof(PlatformInfo), nameof(PlatformInfo.Mode),
            Words(Enum.GetNames<Mode>().Select(name => name.ToLowerInvariant())));
        yield return (typeof(PlatformInfo), nameof(PlatformInfo.Currency),
            new() { ["pattern"] = "^[a-z]{3}$" });
        yield return (typeof(PlatformInfo), nameof(PlatformInfo.CurrencyDecimals), Range(0, 3));
        yield return (typeof(FeeLevel), nameof(FeeLevel.Level), Words(s_levels));
        yield return (typeof(FeeLevel), nameof(FeeLevel.FeeBps), Range(0, 10_000));
        yield return (typeof(PlatformJudges), nameof(PlatformJudges.Threshold), Share());
        yield return (typeof(CheckedInvariant), nameof(CheckedInvariant.Status), Words([
            CheckFindings.Holds, CheckFindings.Broken, CheckFindings.Warning, CheckFindings.NotChecked]));
        yield return (typeof(Transaction), nameof(Transaction.Kind), Words(ListTransactions.Words));
        yield return (typeof(Health), nameof(Health.Status), Words(["ok", "degraded"]));
        yield return (typeof(JudgingHealth), nameof(JudgingHealth.Status), Words(["ok", "delayed", "off"]));
        yield return (typeof(JudgeHealth), nameof(JudgeHealth.Status), Words(["ok", "failing", "resting"]));
        yield return (typeof(Problem), nameof(Problem.Status), Range(400, 599));
        yield return (typeof(Problem), nameof(Problem.Code),
            Words(Problems.Catalogue.Select(kind => kind.Code)));
        yield return (typeof(WebhookEvent), nameof(WebhookEvent.Id), Id(Domain.Id.Event));
        yield return (typeof(WebhookEvent), nameof(WebhookEvent.Type),
            Schemas.RefTo("EventType"));
        yield return (typeof(WebhookEvent), nameof(WebhookEvent.Sequence), new() { ["minimum"] = 1 });
        yield return (typeof(WebhookEvent), nameof(WebhookEvent.Data), Object());
    }

    /// <summary>Schemas of what the server reads without a record.</summary>
    public static IEnumerable<(string Name, JsonObject Schema)> Written()
    {
        yield return ("JobStatus", Named("The reference's word for where a job stands.", JobWords.Statuses));
        yield return ("JobState", Named("Where a job stands, finer than its status.", s_states));
        yield return ("EventType", Named("What an event tells of.", FactTypes.Sent.Select(row => row.Name)));
        string texts = $$$"""
            {"type":"array","maxItems":{{{Limits.AcceptanceItems}}},
             "items":{"type":"string","minLength":1,"maxLength":{{{Limits.AcceptanceItemChars}}} } }
            """;
        string length = Whole(Limits.DeliverableBytes);
        string bytes = Whole(Limits.FileBytes);
        string text = $$$"""{"type":"string","minLength":1,"maxLength":{{{Limits.FileNameChars}}} }""";
        yield return ("AcceptanceCriteria", JsonNode.Parse($$$"""
            {"type":"object",
             "description":"Criteria as data, fixed when the job is posted; code checks all but the rubric.",
             "properties":{
              "schema":{"type":["object","boolean"],
               "description":"A JSON Schema (a subset of 2020-12) that an object deliverable must satisfy."},
              "must_include":{{{texts}}},"must_match":{{{texts}}},
              "min_length":{{{length}}},"max_length":{{{length}}},
              "files":{"type":"array","maxItems":{{{Limits.AcceptanceFiles}}},
               "items":{"$ref":"#/components/schemas/FileCriterion"}},
              "rubric":{{{texts}}} },
             "additionalProperties":false}
            """)!.AsObject());
        yield return ("FileCriterion", JsonNode.Parse($$$"""
            {"type":"object","description":"A file that must be delivered; the name may be *.ext.",
             "required":["name"],
             "properties":{"name":{{{text}}},"type":{{{text}}},"min_bytes":{{{bytes}}},"max_bytes":{{{bytes}}},
              "sha256":{"type":"string","pattern":"^[0-9A-Fa-f]{64}$"}},
             "additionalProperties":false}
            """)!.AsObject());
    }

    private static JsonObject Named(string says, IEnumerable<string> words)
    {
        var schema = Words(words);
        (schema["type"], schema["description"]) = ("string", says);
        return schema;
    }

    private static string Whole(long most) =>
        $$"""{"type":"integer","format":"int32","minimum":0,"maximum":{{most}} }""";
}
