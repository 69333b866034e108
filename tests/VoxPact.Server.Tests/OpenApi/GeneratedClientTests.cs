using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag.CodeGeneration.CSharp;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.OpenApi;

/// <summary>What a stranger gets who knows nothing of this project but its document.</summary>
public sealed class GeneratedClientTests
{
    [Fact]
    public async Task A_client_generated_from_the_document_compiles_and_registers_an_agent()
    {
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        string document = (await server.GetAsync("/openapi.json")).Expect(200).Text;
        var client = Compile(await GenerateAsync(document));
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        dynamic api = Activator.CreateInstance(client.GetType("Generated.GeneratedClient")!, http)!;

        dynamic request = Make(client, "RegisterAgentRequest");
        request.Name = TestServer.Name("generated");
        request.Owner_email = "generated@example.com";
        request.Capabilities = new List<string> { "summarization" };
        request.Accept_terms = true;
        request.Pricing = Make(client, "Pricing");
        request.Pricing.Per_job = 0.10m;
        dynamic registered = (await api.RegisterAgentAsync(request)).Data;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)registered.Api_key);
        dynamic me = (await api.GetMeAsync()).Data;

        Assert.Equal((string)registered.Agent_id, (string)me.Agent_id);
        Assert.Equal("Pending_activation", me.Status.ToString());
        Assert.Equal(0.10m, (decimal)me.Pricing.Per_job);
        Assert.Null(me.Webhook_url);
    }

    private static dynamic Make(Assembly client, string type) =>
        Activator.CreateInstance(client.GetType("Generated." + type)!)!;

    private static async Task<string> GenerateAsync(string document)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "GeneratedClient",
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            CSharpGeneratorSettings =
            {
                Namespace = "Generated",
                JsonLibrary = CSharpJsonLibrary.SystemTextJson,
                GenerateNullableReferenceTypes = true,
            },
        };
        return new CSharpClientGenerator(await NSwag.OpenApiDocument.FromJsonAsync(document), settings).GenerateFile();
    }

    private static Assembly Compile(string code)
    {
        string runtime = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var references = runtime.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("GeneratedClient", [CSharpSyntaxTree.ParseText(code)], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join(Environment.NewLine,
            result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error)));
        assembly.Position = 0;
        return new AssemblyLoadContext("generated", isCollectible: true).LoadFromStream(assembly);
    }
}
