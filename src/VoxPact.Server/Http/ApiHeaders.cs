using System.Text.Json.Nodes;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Ledger;

namespace VoxPact.Server.Http;

/// <summary>
/// What the OpenAPI document says of all that stands beside the bodies: headers, parameters, credentials.
/// </summary>
internal static class ApiHeaders
{
    private const string AgentKey = "agentKey";
    private const string AgentApiKey = "agentApiKey";
    private const string OperatorKey = "operatorKey";

    private static readonly string[] s_everywhere = ["Request-Id", "RateLimit", "RateLimit-Policy"];

    /// <summary>References to the headers of an answer: those of every answer, and these.</summary>
    public static JsonObject Of(Mode mode, IEnumerable<string> more)
    {
        var names = s_everywhere.Concat(mode is Mode.Sandbox ? ["VoxPact-Mode"] : []).Concat(more);
        return new JsonObject(names.Select(name => KeyValuePair.Create(
            name, (JsonNode?)new JsonObject { ["$ref"] = "#/components/headers/" + name })));
    }

    public static JsonObject All(Mode mode)
    {
        var headers = new JsonObject
        {
            ["Request-Id"] = Header("The server's id of this request; quote it when asking the operator."),
            ["RateLimit"] = Header("What is left, as `\"policy\";r=requests;t=seconds until it is whole "
                + "again`."),
            ["RateLimit-Policy"] = Header("The limit in force, as `\"policy\";q=requests;w=seconds`."),
            ["Retry-After"] = Header("Repeat after so many seconds.",
                new() { ["type"] = "integer", ["minimum"] = 1 }),
            ["Idempotent-Replayed"] = Header("`true` when this is the stored answer of an earlier request "
                + "with the same Idempotency-Key; absent otherwise.", SchemaRules.Words(["true"])),
            ["WWW-Authenticate"] = Header("The schemes in which a key can be sent."),
        };
        if (mode is Mode.Sandbox)
            headers["VoxPact-Mode"] = Header("Says that no money is real.", SchemaRules.Words(["sandbox"]));
        return headers;
    }

    public static JsonObject Parameters() => new()
    {
        ["IdempotencyKey"] = new JsonObject
        {
            ["name"] = IdempotencyKey.Header,
            ["in"] = "header",
            ["description"] = "Makes the call safe to repeat: a key of your own for each intention. The same "
                + "key with the same body gets the same answer, with another body a 422. Without a "
                + "credential it must have at least "
                + $"{Limits.AnonymousIdempotencyKeyChars} characters.",
            ["schema"] = new JsonObject
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["maxLength"] = Limits.IdempotencyKeyChars,
                ["pattern"] = "^[ -~]+$",
            },
        },
    };

    public static JsonObject SecuritySchemes() => new()
    {
        [AgentKey] = new JsonObject
        {
            ["type"] = "http",
            ["scheme"] = "bearer",
            ["bearerFormat"] = "vxp_live_…",
            ["description"] = "`Authorization: Bearer vxp_live_…`, the key of an agent.",
        },
        [AgentApiKey] = new JsonObject
        {
            ["type"] = "apiKey",
            ["in"] = "header",
            ["name"] = "Authorization",
            ["description"] = "The same key, spelled `ApiKey vxp_live_…`.",
        },
        [OperatorKey] = new JsonObject
        {
            ["type"] = "http",
            ["scheme"] = "bearer",
            ["bearerFormat"] = "vxp_operator_…",
            ["description"] = "`Authorization: Bearer vxp_operator_…`, printed at the server's first start.",
        },
    };

    public static JsonArray SecurityOf(RouteFacts route) => route.Who switch
    {
        Who.Operator => [Needs(OperatorKey)],
        _ when route.Who.IsAgent() => [Needs(AgentKey), Needs(AgentApiKey)],
        // Registration with a key joins that key's owner; moving the clock from afar needs the operator's.
        _ when route.Words.Refusals.Contains(RefusalCode.OperatorOnly) => [new JsonObject(), Needs(OperatorKey)],
        _ when route.Words.Refusals.Contains(RefusalCode.UnknownCredential) =>
            [new JsonObject(), Needs(AgentKey), Needs(AgentApiKey)],
        _ => [],
    };

    public static JsonObject InPath(string name, string path)
    {
        string prefix = name == "bid" ? Id.Bid
            : name == "file" ? Id.File
            : path.StartsWith("/v1/agents/", StringComparison.Ordinal) ? Id.Agent
            : path.StartsWith("/v1/keys/", StringComparison.Ordinal) ? Id.Key
            : path.StartsWith("/v1/approvals/", StringComparison.Ordinal) ? Id.Approval
            : path.StartsWith("/v1/webhook-endpoints", StringComparison.Ordinal) ? Id.Endpoint : Id.Job;
        bool isStripes = path.StartsWith("/v1/payment-methods", StringComparison.Ordinal);
        var schema = new JsonObject { ["type"] = "string" };
        if (!isStripes) schema["pattern"] = SchemaRules.IdPattern(prefix);
        return new JsonObject
        {
            ["name"] = name,
            ["in"] = "path",
            ["required"] = true,
            ["description"] = isStripes ? "Stripe's id, `pm_…`." : $"`{prefix}_…`",
            ["schema"] = schema,
        };
    }

    public static JsonObject InQuery(string name, Policy policy)
    {
        var (says, schema) = name switch
        {
            "status" => ("Only jobs with one of these words, separated by commas.", ListOf("JobStatus")),
            "state" => ("Only jobs in one of these states, separated by commas.", ListOf("JobState")),
            "limit" => ("The size of the page.", new JsonObject
            {
                ["type"] = "integer",
                ["format"] = "int32",
                ["minimum"] = 1,
                ["maximum"] = Limits.PageMax,
                ["default"] = Limits.PageDefault,
            }),
            "scope" => ("`new` (the default) reads what was committed since the last check, `full` everything; "
                + "`last` only tells what the last one found.",
                new JsonObject
                {
                    ["type"] = "string",
                    ["enum"] = new JsonArray(CheckLedger.New, CheckLedger.Full, CheckLedger.Last),
                    ["default"] = CheckLedger.New,
                }),
            "job" => ("Only lines about this job.", new JsonObject
            {
                ["type"] = "string",
                ["pattern"] = SchemaRules.IdPattern(Id.Job),
            }),
            "kind" => ("Only these movements, separated by commas.", new JsonObject
            {
                ["type"] = "array",
                ["items"] = SchemaRules.Words(ListTransactions.Words),
            }),
            "cursor" => ("`next_cursor` of the page before, to read on.", new JsonObject { ["type"] = "string" }),
            "capability" or "capabilities" => ("Words separated by commas; one of them is enough.",
                new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } }),
            "q" => ("Words, each the beginning of a word of the agent's.",
                new JsonObject { ["type"] = "string", ["maxLength"] = Limits.QueryChars }),
            "min_trust_score" => ("Only agents of at least this trust, 0 to 100; a share such as 0.8 means 80.",
                new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 100 }),
            "max_price" => ("Only agents that usually ask at most this for a job.", Schemas.Amount(policy)),
            "availability" => ("Words separated by commas; one of them is enough.",
                new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = SchemaRules.Words(Agents.AgentView.AvailabilityWords),
                }),
            "min_budget" => ("Only jobs that pay at least this.", Schemas.Amount(policy)),
            "max_budget" => ("Only jobs that pay at most this.", Schemas.Amount(policy)),
            _ => OfEvents(name),
        };
        var parameter = new JsonObject
        {
            ["name"] = name,
            ["in"] = "query",
            ["description"] = says,
            ["schema"] = schema,
        };
        if (schema["type"]!.GetValue<string>() == "array")
            (parameter["style"], parameter["explode"]) = ("form", false);
        return parameter;
    }

    private static (string Says, JsonObject Schema) OfEvents(string name) => name switch
    {
        "after" => ("A cursor of this agent's events: go on behind it.", new JsonObject { ["type"] = "string" }),
        "types" => ("Only events of these types, separated by commas.", ListOf("EventType")),
        "job_id" => ("Only events of this job.", new JsonObject
        {
            ["type"] = "string",
            ["pattern"] = SchemaRules.IdPattern(Id.Job),
        }),
        "wait" => ("So many seconds may pass until there is something to answer.", new JsonObject
        {
            ["type"] = "integer",
            ["format"] = "int32",
            ["minimum"] = 0,
            ["maximum"] = Limits.LongPollSeconds,
            ["default"] = 0,
        }),
        "outcome" => ("Only attempts with one of these outcomes, separated by commas.", new JsonObject
        {
            ["type"] = "array",
            ["items"] = SchemaRules.Words(["delivered", "retrying", "dead"]),
        }),
        _ => throw new InvalidOperationException($"The parameter {name} has no words; write them in "
            + "Http/ApiHeaders.cs."),
    };

    private static JsonObject Needs(string scheme) => new() { [scheme] = new JsonArray() };

    private static JsonObject ListOf(string schema) =>
        new() { ["type"] = "array", ["items"] = Schemas.RefTo(schema) };

    private static JsonObject Header(string says, JsonObject? schema = null)
    {
        schema ??= [];
        schema.TryAdd("type", "string");
        return new JsonObject { ["description"] = says, ["schema"] = schema };
    }
}
