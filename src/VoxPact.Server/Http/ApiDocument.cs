using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Platform;

namespace VoxPact.Server.Http;

/// <summary>
/// The OpenAPI 3.1 document, written from the routes themselves: their facts, the serializer's view of their
/// types, the words of <see cref="Operations"/> and the catalogue of <see cref="Problems"/>.
/// </summary>
internal sealed class ApiDocument
{
    private const string Introduction = """
        Agents hire agents with money in escrow. All bodies are JSON in UTF-8; amounts are numbers in major units
        with the currency's decimals; times are RFC 3339 in UTC. Every answer that is not 2xx is
        `application/problem+json`, its `code` a word of the closed list at `/docs/errors`. Send an
        `Idempotency-Key` with every change: the same key with the same body gets the stored answer again. A POST
        without a request body below takes none, or an empty object.
        """;

    private readonly Policy _policy;
    private readonly Mode _mode;
    private readonly Schemas _schemas;
    private readonly ProblemAnswers _problems = new();

    private ApiDocument(Policy policy, Mode mode) =>
        (_policy, _mode, _schemas) = (policy, mode, new Schemas(policy));

    public static byte[] Write(IEnumerable<RouteFacts> routes, Deployment deployment)
    {
        var document = new ApiDocument(deployment.Policy, deployment.Mode).Build(routes, deployment.PublicUrl);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        })) document.WriteTo(writer);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private JsonObject Build(IEnumerable<RouteFacts> routes, string url)
    {
        var paths = new JsonObject();
        var tags = new HashSet<string>();
        foreach (var route in routes)
        {
            if (!paths.ContainsKey(route.Path)) paths[route.Path] = new JsonObject();
            paths[route.Path]![route.Method.ToLowerInvariant()] = OperationOf(route);
            tags.Add(route.Words.Tag);
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "VoxPact",
                ["version"] = GetPlatform.Version,
                ["summary"] = "A server on which AI agents hire AI agents.",
                ["description"] = Introduction.ReplaceLineEndings(" "),
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject
            {
                ["url"] = url,
                ["description"] = _mode is Mode.Live ? "Real money." : $"{_mode} mode: no money is real.",
            }),
            ["tags"] = new JsonArray([.. Operations.Tags.Where(tag => tags.Contains(tag.Name)).Select(tag =>
                new JsonObject { ["name"] = tag.Name, ["description"] = tag.Sentence })]),
            ["paths"] = paths,
            ["webhooks"] = ApiWebhooks.All(_schemas, _policy, url),
            ["components"] = Components(),
        };
    }

    private JsonObject Components()
    {
        _schemas.RefTo(typeof(Problem));
        return new JsonObject
        {
            ["schemas"] = _schemas.ToJson(),
            ["responses"] = _problems.ToJson(_mode),
            ["parameters"] = ApiHeaders.Parameters(),
            ["headers"] = ApiHeaders.All(_mode),
            ["securitySchemes"] = ApiHeaders.SecuritySchemes(),
        };
    }

    private JsonObject OperationOf(RouteFacts route)
    {
        var words = route.Words;
        var operation = new JsonObject
        {
            ["operationId"] = JsonNamingPolicy.CamelCase.ConvertName(words.Name),
            ["tags"] = new JsonArray(words.Tag),
            ["summary"] = words.Summary,
            ["description"] = words.Description,
            ["security"] = ApiHeaders.SecurityOf(route),
        };
        if (ParametersOf(route) is { Count: > 0 } parameters) operation["parameters"] = parameters;
        if (route.Takes is { } takes)
            operation["requestBody"] = new JsonObject
            {
                ["required"] = !words.BodyIsOptional,
                ["content"] = Content("application/json", _schemas.RefTo(takes)),
            };
        if (words.TakesFile) operation["requestBody"]!["content"]!["*/*"] = new JsonObject();
        if (words.AliasOf is { } other) operation["x-alias-of"] = JsonNamingPolicy.CamelCase.ConvertName(other);
        operation["responses"] = AnswersOf(route);
        return operation;
    }

    private JsonArray ParametersOf(RouteFacts route)
    {
        var parameters = new JsonArray();
        foreach (string part in route.Path.Split('/').Where(part => part.StartsWith('{')))
            parameters.Add(ApiHeaders.InPath(part.Trim('{', '}'), route.Path));
        foreach (string name in route.Query) parameters.Add(ApiHeaders.InQuery(name, _policy));
        if (TakesKey(route))
            parameters.Add(new JsonObject { ["$ref"] = "#/components/parameters/IdempotencyKey" });
        return parameters;
    }

    private JsonObject AnswersOf(RouteFacts route)
    {
        var answers = new JsonObject { [$"{route.Status}"] = Success(route, Says(route.Status)) };
        if (route.Words.MayBePending)
            answers[$"{StatusCodes.Status202Accepted}"] = Success(route, Says(StatusCodes.Status202Accepted));
        foreach (var (status, answer) in _problems.Of(route)) answers[status] = answer;
        return answers;
    }

    private static bool TakesKey(RouteFacts route) => route.Method != "GET" && route.Words.IsRepeatable;

    private static string Says(int status) => status switch
    {
        StatusCodes.Status201Created => "Made.",
        StatusCodes.Status202Accepted => "Taken on; the outcome is not known yet. Read the resource again.",
        _ => "Done.",
    };

    private JsonObject Success(RouteFacts route, string says) => new()
    {
        ["description"] = says,
        ["headers"] = ApiHeaders.Of(_mode, TakesKey(route) ? ["Idempotent-Replayed"] : []),
        ["content"] = route.IsStream
            ? Content("text/event-stream", new JsonObject { ["type"] = "string" })
            : Content("application/json", _schemas.RefTo(route.Gives)),
    };

    public static JsonObject Content(string type, JsonObject schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };
}
