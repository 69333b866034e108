using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxPact.Client;
using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>
/// Which problems a route can answer with, and the shared answers that say so in the OpenAPI document.
/// </summary>
internal sealed class ProblemAnswers
{
    private readonly SortedDictionary<string, (int Status, ProblemKind[] Kinds)> _named =
        new(StringComparer.Ordinal);

    /// <summary>The problems that a route can answer with, in the order in which they win.</summary>
    public static IEnumerable<ProblemKind> KindsOf(RouteFacts route)
    {
        var codes = CodesOf(route).Select(Wire).ToHashSet();
        codes.Add("internal_error");
        if (route.Takes is not null) codes.UnionWith(["request_timeout", "malformed_request"]);
        return Problems.Catalogue.Where(kind => codes.Contains(kind.Code));
    }

    /// <summary>A reference to an answer for each status that can occur.</summary>
    public IEnumerable<(string Status, JsonObject Answer)> Of(RouteFacts route)
    {
        foreach (var group in KindsOf(route).GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            ProblemKind[] kinds = [.. group];
            string name = string.Join("Or", kinds.Select(kind => Pascal(kind.Code)));
            _named[name] = (group.Key, kinds);
            yield return (group.Key.ToString(CultureInfo.InvariantCulture),
                new JsonObject { ["$ref"] = "#/components/responses/" + name });
        }
    }

    /// <summary>Every answer that was referred to.</summary>
    public JsonObject ToJson(Mode mode) => new(_named.Select(row =>
        KeyValuePair.Create(row.Key, (JsonNode?)Answer(row.Value.Status, row.Value.Kinds, mode))));

    private static IEnumerable<RefusalCode> CodesOf(RouteFacts route)
    {
        bool changes = route.Method != "GET";
        yield return RefusalCode.MalformedCredential;
        yield return RefusalCode.RateLimited;
        if (!route.Who.IsPublic()) yield return RefusalCode.UnknownCredential;
        if (route.Who is Who.Operator) yield return RefusalCode.OperatorOnly;
        if (route.Who.IsAgent() || route.Who is Who.Newcomer) yield return RefusalCode.ScopeMissing;
        if (route.Who.IsAgent() && !route.Words.TakesInactive)
        {
            yield return RefusalCode.AgentNotActive;
            yield return RefusalCode.AgentSuspended;
        }
        if (route.Path.Contains('{')) yield return RefusalCode.NotFound;
        yield return RefusalCode.ValidationFailed;
        if (changes) yield return RefusalCode.Overloaded;
        if (changes && route.Words.IsRepeatable)
        {
            yield return RefusalCode.IdempotencyKeyReused;
            yield return RefusalCode.IdempotencyInFlight;
        }
        if (route.Method is "POST" or "PATCH")
        {
            yield return RefusalCode.PayloadTooLarge;
            yield return RefusalCode.UnsupportedMediaType;
            yield return RefusalCode.MalformedJson;
        }
        foreach (var refusal in route.Words.Refusals) yield return refusal;
    }

    private static JsonObject Answer(int status, ProblemKind[] kinds, Mode mode)
    {
        List<string> headers = [];
        if (status == StatusCodes.Status401Unauthorized) headers.Add("WWW-Authenticate");
        if (kinds.Any(kind => kind.RetryAfterSeconds > 0)) headers.Add("Retry-After");
        return new JsonObject
        {
            ["description"] = string.Join(" ", kinds.Select(kind => $"`{kind.Code}`: {kind.Advice}")),
            ["headers"] = ApiHeaders.Of(mode, headers),
            ["content"] = ApiDocument.Content(Problems.ContentType, Schemas.RefTo(nameof(Problem))),
        };
    }

    private static string Wire(RefusalCode code) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());

    private static string Pascal(string code) =>
        string.Concat(code.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
