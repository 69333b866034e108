using System.Text.Json;
using System.Text.Json.Nodes;
using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Server.Tests.OpenApi;

/// <summary>
/// The OpenAPI document as a judge of real exchanges: every answer must be one that the document announces, with the
/// headers, the media type and the exact members that it gives.
/// </summary>
internal sealed class ApiContract(string document)
{
    private const string Time = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$";

    private readonly JsonObject _document = JsonNode.Parse(document)!.AsObject();
    private readonly Dictionary<string, JsonSchema> _read = [];

    /// <summary>The operations that were seen to succeed.</summary>
    public HashSet<string> Succeeded { get; } = [];

    /// <summary>Query parameters that were sent, as operation and name.</summary>
    public HashSet<string> Parameters { get; } = [];

    /// <summary>The codes of problems that were seen.</summary>
    public HashSet<string> Problems { get; } = [];

    public IEnumerable<(string Method, string Path, JsonObject Operation)> Operations =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    /// <summary>Query parameters that the document knows, as operation and name.</summary>
    public IEnumerable<string> AnnouncedParameters =>
        Operations.SelectMany(row => QueryOf(row.Operation).Select(name => $"{IdOf(row.Operation)} {name}"));

    public static string IdOf(JsonObject operation) => operation["operationId"]!.GetValue<string>();

    /// <summary>Fails unless the exchange is one that the document tells of.</summary>
    public void Check(HttpRequestMessage request, byte[]? sent, HttpResponseMessage response, byte[] got)
    {
        var operation = Find(request.Method.Method, request.RequestUri!.AbsolutePath);
        string what = $"{IdOf(operation)} {(int)response.StatusCode}";
        CheckParameters(operation, request.RequestUri);
        var answer = Resolve(operation["responses"]![$"{(int)response.StatusCode}"]?.AsObject());
        Assert.True(answer is not null, $"{what} is not in the document: "
            + $"{System.Text.Encoding.UTF8.GetString(got)}");
        CheckHeaders(what, answer, response);
        string type = response.Content.Headers.ContentType!.MediaType!;
        var schema = answer["content"]?[type]?["schema"]?.AsObject();
        Assert.True(schema is not null, $"{what} does not announce {type}.");
        Check(what, schema, got);
        if (response.IsSuccessStatusCode)
        {
            Succeeded.Add(IdOf(operation));
            if (operation["requestBody"] is not { } body) Assert.True(sent is null, $"{what} announces no body.");
            else if (sent is not null)
            {
                string media = request.Content!.Headers.ContentType!.MediaType!;
                if (media != "application/json") Assert.NotNull(body["content"]!["*/*"]);
                else Check(what, body["content"]![media]!["schema"]!.AsObject(), sent);
            }
        }
        else
        {
            string code = JsonElement.Parse(got).GetProperty("code").GetString()!;
            Problems.Add(code);
            Assert.Contains($"`{code}`", answer["description"]!.GetValue<string>());
        }
    }

    /// <summary>Fails unless an event's data is what the document says for its type.</summary>
    public void CheckEvent(string type, byte[] body)
    {
        var schema = _document["webhooks"]![type]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!
            ["properties"]!["data"]!.AsObject();
        Check(type, schema, System.Text.Encoding.UTF8.GetBytes(JsonElement.Parse(body).GetProperty("data").GetRawText()));
    }

    private JsonObject Find(string method, string path)
    {
        var fits = Operations.Where(row => row.Method == method && Fits(row.Path, path)).ToList();
        Assert.True(fits.Count > 0, $"{method} {path} is not in the document.");
        return fits.MinBy(row => row.Path.Count(c => c == '{')).Operation;
    }

    private static bool Fits(string template, string path)
    {
        string[] wanted = template.Split('/'), given = path.Split('/');
        return wanted.Length == given.Length
            && wanted.Zip(given).All(part => part.First.StartsWith('{') || part.First == part.Second);
    }

    private static IEnumerable<string> QueryOf(JsonObject operation) => (operation["parameters"]?.AsArray() ?? [])
        .Where(parameter => parameter!["in"]?.GetValue<string>() == "query")
        .Select(parameter => parameter!["name"]!.GetValue<string>());

    private void CheckParameters(JsonObject operation, Uri address)
    {
        var known = QueryOf(operation).ToHashSet();
        foreach (string pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string name = pair.Split('=')[0];
            Assert.Contains(name, known);
            Parameters.Add($"{IdOf(operation)} {name}");
        }
    }

    private static void CheckHeaders(string what, JsonObject answer, HttpResponseMessage response)
    {
        var announced = answer["headers"]!.AsObject().Select(header => header.Key).ToHashSet();
        foreach (string name in announced.Where(name => name is not ("Idempotent-Replayed" or "Retry-After")))
            Assert.True(response.Headers.Contains(name), $"{what} lacks {name}.");
        foreach (string name in new[] { "Idempotent-Replayed", "Retry-After", "WWW-Authenticate", "VoxPact-Mode" })
            Assert.True(announced.Contains(name) || !response.Headers.Contains(name), $"{what} does not "
                + $"announce {name}.");
    }

    private JsonObject? Resolve(JsonObject? node) => node?["$ref"] is not { } reference
        ? node
        : reference.GetValue<string>().Split('/')[1..]
            .Aggregate((JsonNode)_document, (at, part) => at[part]!).AsObject();

    private void Check(string what, JsonObject schema, byte[] body)
    {
        var violations = Read(schema).Evaluate(JsonElement.Parse(body));
        Assert.True(violations.Count == 0, $"{what}: {string.Join("; ", violations)} in "
            + System.Text.Encoding.UTF8.GetString(body));
    }

    /// <summary>The schema for the product's own evaluator, with everything it refers to inside it.</summary>
    private JsonSchema Read(JsonObject schema)
    {
        string text = schema.ToJsonString();
        if (_read.TryGetValue(text, out var known)) return known;
        var definitions = new JsonObject();
        var root = Inline(schema, definitions).AsObject();
        if (definitions.Count > 0) root["$defs"] = definitions;
        Assert.True(JsonSchema.TryParse(JsonElement.Parse(root.ToJsonString()), out var parsed, out var errors),
            string.Join("; ", errors));
        return _read[text] = parsed!;
    }

    /// <summary>
    /// Copies a schema: closed, so that a member the document does not know is found, and with times as patterns.
    /// </summary>
    private JsonNode Inline(JsonNode? node, JsonObject definitions)
    {
        if (node is JsonArray list)
            return new JsonArray([.. list.Select(item => item is null ? null : Inline(item, definitions))]);
        if (node is not JsonObject schema) return node!.DeepClone();
        var copy = new JsonObject();
        foreach (var (keyword, value) in schema)
        {
            if (keyword == "$ref") copy["$ref"] = Define(value!.GetValue<string>(), definitions);
            else if (keyword == "description" && value is JsonValue) continue;
            else if (keyword != "format" || value is not JsonValue) copy[keyword] = Inline(value, definitions);
            else if (value.GetValue<string>() == "date-time") copy["pattern"] = Time;
        }
        if (copy["properties"] is JsonObject && copy["additionalProperties"] is null && copy.ContainsKey("type"))
            copy["additionalProperties"] = false;
        return copy;
    }

    private string Define(string reference, JsonObject definitions)
    {
        string name = reference.Split('/')[^1];
        if (!definitions.ContainsKey(name))
        {
            definitions[name] = true;
            definitions[name] = Inline(_document["components"]!["schemas"]![name]!, definitions);
        }
        return "#/$defs/" + name;
    }
}

/// <summary>Holds every exchange that goes through it to the document.</summary>
internal sealed class ContractHandler(ApiContract contract) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        byte[]? sent = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(stop);
        var response = await base.SendAsync(request, stop);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            // It never ends, and its lines are no JSON: the shape of each event is held where it is read.
            contract.Check(request, sent, response, "\"\""u8.ToArray());
            return response;
        }
        await response.Content.LoadIntoBufferAsync(stop);
        contract.Check(request, sent, response, await response.Content.ReadAsByteArrayAsync(stop));
        return response;
    }
}
