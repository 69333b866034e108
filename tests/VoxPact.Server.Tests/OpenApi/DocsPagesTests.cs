using System.Text.RegularExpressions;
using VoxPact.Server.Http;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.OpenApi;

public sealed partial class DocsPagesTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(Databases.Sqlite);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_first_page_leads_to_pages_that_are_there_and_says_that_this_is_a_sandbox()
    {
        string page = (await _server.GetAsync("/")).Expect(200).Text;
        Assert.Contains("<b>Sandbox.</b>", page);
        var links = Link().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains("/sandbox/stripe/", links);
        Assert.InRange(links.Count, 6, 20);
        foreach (string link in links)
        {
            var answer = await _server.GetAsync(link);
            Assert.True(answer.Status is 200 or 302, $"{link} answers {answer.Status}.");
        }
    }

    [Fact]
    public async Task Every_problem_points_to_a_place_on_the_errors_page()
    {
        string page = (await _server.GetAsync("/docs/errors")).Expect(200).Text;
        foreach (var kind in Problems.Catalogue) Assert.Contains($"id=\"{kind.Code}\"", page);
        string type = (await _server.GetAsync("/v1/agents/me")).Expect(401).String("type")!;
        Assert.Equal("/docs/errors#malformed_credential", type);
    }

    [Fact]
    public async Task The_reference_page_loads_nothing_from_elsewhere()
    {
        var page = (await _server.GetAsync("/docs/")).Expect(200);
        Assert.DoesNotMatch("(https?:)?//[a-z]", page.Text);
        Assert.Contains("default-src 'none'", page.Header("Content-Security-Policy"));
        Assert.Contains("openapi.json", page.Text);
        var script = (await _server.GetAsync("/docs/scalar.js")).Expect(200);
        Assert.InRange(script.Bytes.Length, 1_000_000, 50_000_000);
        Assert.StartsWith("text/javascript", script.ContentType);
    }

    [Fact]
    public async Task The_document_is_written_once()
    {
        var first = await _server.GetAsync("/openapi.json");
        Assert.Equal("application/json; charset=utf-8", first.Expect(200).ContentType);
        Assert.Equal(first.Bytes, (await _server.GetAsync("/openapi.json")).Bytes);
    }

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Link();
}
