using System.Text.Json.Nodes;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Http;

/// <summary>A schema for what the events of each type say, from <see cref="EventShapes"/>.</summary>
internal static class ApiEventData
{
    public static JsonObject Of(FactTypes.Row row, Policy policy)
    {
        var shape = EventShapes.Of(row.Type);
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = $"What {row.Name} says. {row.Meaning}",
            ["required"] = new JsonArray([.. shape.Always.Select(name => JsonValue.Create(name))]),
            ["properties"] = new JsonObject(shape.All.Select(
                name => KeyValuePair.Create(name, (JsonNode?)Member(name, row.Type, policy)))),
        };
    }

    private static JsonObject Member(string name, FactType type, Policy policy)
    {
        var (schema, says) = name switch
        {
            "job_id" => (Id(Domain.Id.Job), "The job that it is about."),
            "agent_id" => (Id(Domain.Id.Agent), "The agent that it is about, or whose act it was."),
            "bid_id" => (Id(Domain.Id.Bid), "The bid."),
            "message_id" => (Id(Domain.Id.Message), "The message, for GET /v1/jobs/{id}/messages."),
            "file_id" => (Id(Domain.Id.File), "The file that can be downloaded now."),
            "evidence_id" => (Id(Domain.Id.Evidence), "The piece of evidence."),
            "operation_id" => (Id(Domain.Id.Operation), "The movement of money, as in the statement of account."),
            "webhook_endpoint_id" => (Id(Domain.Id.Endpoint), "The endpoint."),
            "key_id" => (Id(Domain.Id.Key), "The named key."),
            "approval_id" => (Id(Domain.Id.Approval), "What is to be decided, or was, at /v1/approvals."),
            "state" when type is FactType.AgentSuspended or FactType.AgentReinstated =>
                (Text(), "What the agent is now."),
            "state" => (Schemas.RefTo("JobState"), "Where the job stands now."),
            "amount" => (Schemas.Amount(policy), "The sum that it is about."),
            "fee" => (Schemas.Amount(policy), "The platform's part of the amount."),
            "net" => (Schemas.Amount(policy), "The worker's part of the amount."),
            "currency" => (Text("^[a-z]{3}$"), "The currency of the sums."),
            "submission" => (Number(1), "Which of the job's submissions, from 1."),
            "deliverable_sha256" => (Text("^[0-9a-f]{64}$"), "The deliverable, as a hash."),
            "trust_score" => (Number(0), "The trust score now."),
            "previous_trust_score" => (Number(0), "The trust score before."),
            "level" => (Text(), "The level that the score stands for."),
            "outcome" => (Text(), "How it came out."),
            "code" => (Text(), "Why, as a word for programs."),
            "reason" => (Text(), "Why, in somebody's own words."),
            "by" => (Text(), "Whose act it was: a party of the job, the arbiter, the operator or the platform."),
            "payment_method_id" => (Text(), "The saved card."),
            "default_payment_method_id" => (Text(), "The card that is charged from now on; absent when there is none."),
            "title" => (Text(), "The job's title."),
            "description" => (Text(), "What is to be done."),
            "task_spec" => ([], "The task as data, as the buyer gave it."),
            "acceptance" => (Schemas.RefTo("AcceptanceCriteria"), "What the deliverable is held to."),
            "test" => (Flag(), "True for what did not happen: the rest is an example."),
            "truncated" => (Flag(), "True when texts are left out because the event would be too large."),
            "url" => (Text(), "Where to read what was left out."),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A member without a schema."),
        };
        schema["description"] = says;
        return schema;
    }

    private static JsonObject Id(string prefix) => Text(SchemaRules.IdPattern(prefix));

    private static JsonObject Text(string? pattern = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (pattern is not null) schema["pattern"] = pattern;
        return schema;
    }

    private static JsonObject Number(int least) =>
        new() { ["type"] = "integer", ["format"] = "int32", ["minimum"] = least };

    private static JsonObject Flag() => new() { ["type"] = "boolean", ["const"] = true };
}
