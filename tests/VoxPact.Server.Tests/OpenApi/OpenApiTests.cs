using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using VoxPact.Domain.Facts;
using VoxPact.Server.Http;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.OpenApi;

public sealed class OpenApiTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private string _text = "";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(Databases.Sqlite);
        _text = (await _server.GetAsync("/openapi.json")).Expect(200).Text;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static List<RouteFacts> RoutesOf(Deployment deployment)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        Routes.Map(app, deployment);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<RouteFacts>()).OfType<RouteFacts>()];
    }

    [Fact]
    public void It_is_valid_OpenAPI_3_1()
    {
        var read = OpenApiDocument.Parse(_text, "json");
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors.Select(error => $"{error.Pointer} {error.Message}"));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => $"{warning.Pointer} {warning.Message}"));
        Assert.Equal("VoxPact", read.Document!.Info.Title);
        Assert.Equal(_server.Url, Assert.Single(read.Document.Servers!).Url);
    }

    [Fact]
    public void A_broken_document_is_found_invalid() =>
        Assert.NotEmpty(OpenApiDocument.Parse(_text.Replace("\"title\": \"VoxPact\",", ""), "json").Diagnostic!.Errors);

    [Fact]
    public void Every_route_is_in_it_and_nothing_else()
    {
        var routes = RoutesOf(_server.Deployment).Select(route => $"{route.Method} {route.Path}");
        var written = new ApiContract(_text).Operations.Select(row => $"{row.Method} {row.Path}").ToList();
        Assert.Equal(routes.Order(), written.Order());
        Assert.InRange(written.Count, 30, 1_000);
    }

    [Fact]
    public void Every_operation_has_a_name_of_its_own_words_and_an_answer_of_its_own()
    {
        var operations = new ApiContract(_text).Operations.Select(row => row.Operation).ToList();
        Assert.Distinct(operations.Select(ApiContract.IdOf));
        Assert.All(operations, operation =>
        {
            Assert.Matches("^[a-z]+([A-Z][a-z]+)+$", ApiContract.IdOf(operation));
            Assert.EndsWith(".", operation["description"]!.GetValue<string>());
            Assert.NotEmpty(operation["summary"]!.GetValue<string>());
            Assert.Single(operation["tags"]!.AsArray());
            Assert.Contains("500", operation["responses"]!.AsObject().Select(answer => answer.Key));
        });
    }

    [Fact]
    public void Every_member_is_described_and_every_reference_leads_somewhere()
    {
        var document = JsonNode.Parse(_text)!;
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            Assert.True(schema!["description"] is not null, $"{name} has no description.");
            if (name is "AcceptanceCriteria" or "FileCriterion") continue;
            foreach (var (member, of) in schema["properties"]?.AsObject() ?? [])
                Assert.True(of!["description"] is not null, $"{name}.{member} has no description.");
        }
        foreach (string reference in Strings(document, "$ref"))
            Assert.NotNull(reference.Split('/')[1..].Aggregate((JsonNode?)document, (at, part) => at?[part]));
    }

    [Fact]
    public void Every_event_is_described_with_its_headers_and_an_example_of_its_own_type()
    {
        var webhooks = JsonNode.Parse(_text)!["webhooks"]!.AsObject();
        Assert.Equal(FactTypes.Sent.Select(row => row.Name).Order(), webhooks.Select(row => row.Key).Order());
        var members = WebhookEventMembers();
        foreach (var row in FactTypes.Sent)
        {
            var post = webhooks[row.Name]!["post"]!;
            Assert.Equal(row.Meaning, post["summary"]!.GetValue<string>());
            Assert.Contains(row.Recipients, post["description"]!.GetValue<string>());
            Assert.Equal(["webhook-id", "webhook-timestamp", "webhook-signature"],
                post["parameters"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()));
            var content = post["requestBody"]!["content"]!["application/json"]!;
            Assert.Equal(row.Name, content["schema"]!["properties"]!["type"]!["const"]!.GetValue<string>());
            var example = content["example"]!.AsObject();
            Assert.Equal(row.Name, example["type"]!.GetValue<string>());
            Assert.Equal(members.Order(), example.Select(member => member.Key).Order());
            Assert.Equal($"#/components/schemas/{row.Type}Data",
                content["schema"]!["properties"]!["data"]!["$ref"]!.GetValue<string>());
            var data = example["data"]!.AsObject().Select(member => member.Key).ToList();
            Assert.Subset(EventShapes.Of(row.Type).All.ToHashSet(), data.ToHashSet());
            Assert.Superset(EventShapes.Of(row.Type).Always.ToHashSet(), data.ToHashSet());
        }
        Assert.Distinct(webhooks.Select(row => row.Value!["post"]!["operationId"]!.GetValue<string>()));
    }

    private string[] WebhookEventMembers() => [.. JsonNode.Parse(_text)!["components"]!["schemas"]!["WebhookEvent"]!
        ["properties"]!.AsObject().Select(member => member.Key)];

    [Fact]
    public void Amounts_have_the_decimals_and_bounds_of_the_deployment()
    {
        var policy = _server.Deployment.Policy with { CurrencyDecimals = 3, MaxAmount = new(5_000) };
        byte[] bytes = ApiDocument.Write(RoutesOf(_server.Deployment), _server.Deployment with { Policy = policy });
        var amount = JsonNode.Parse(bytes)!["components"]!["schemas"]!["PostJobRequest"]!["properties"]!["amount"]!;
        Assert.Equal((0.001m, 5m), (amount["multipleOf"]!.GetValue<decimal>(), amount["maximum"]!.GetValue<decimal>()));
    }

    [Fact]
    public void The_sandbox_is_told_of_in_sandbox_mode_only()
    {
        var live = _server.Deployment with { Mode = Mode.Live };
        string text = System.Text.Encoding.UTF8.GetString(ApiDocument.Write(RoutesOf(live), live));
        Assert.Contains("/v1/sandbox/clock", _text);
        Assert.Contains("\"Sandbox mode only;", _text);
        Assert.DoesNotContain("/v1/sandbox", text);
        Assert.DoesNotContain("VoxPact-Mode", text);
        Assert.DoesNotContain("\"Sandbox\"", text);
    }

    [Fact]
    public void The_committed_document_is_the_one_that_is_served()
    {
        string file = Path.Combine(Repository(), "docs", "openapi.json");
        string served = _text.Replace(_server.Url, "http://127.0.0.1:5080");
        if (Environment.GetEnvironmentVariable("VOXPACT_WRITE_DOCS") == "1") File.WriteAllText(file, served);
        Assert.Equal(File.ReadAllText(file), served);
    }

    private static IEnumerable<string> Strings(JsonNode? node, string name) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == name && member.Value is JsonValue value
            ? [value.GetValue<string>()] : Strings(member.Value, name)),
        JsonArray items => items.SelectMany(item => Strings(item, name)),
        _ => [],
    };

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VoxPact.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
