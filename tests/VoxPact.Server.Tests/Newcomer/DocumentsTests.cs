using System.Text;
using System.Text.RegularExpressions;
using VoxPact.Client;
using VoxPact.Server.Judging;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

public sealed partial class DocumentsTests
{
    [Fact]
    public void The_table_of_settings_says_what_the_code_says() =>
        Compare("docs/self-hosting.md", "settings", SettingsDocument.Render());

    [Fact]
    public void The_table_of_events_says_what_the_code_says() =>
        Compare("docs/webhooks.md", "events", EventsDocument.Render());

    [Fact]
    public void The_examples_of_events_are_those_of_the_code() =>
        Compare("docs/webhooks.md", "examples", EventsDocument.RenderExamples());

    [Fact]
    public void The_page_about_judging_names_every_mark_with_its_effect()
    {
        string page = Repository.Read("docs/judging.md");
        foreach (var mark in SandboxMarks.All) Assert.Contains($"| `{mark.Mark}` | {mark.Effect} |", page);
    }

    [Fact]
    public void The_example_of_an_event_is_signed_as_the_page_says()
    {
        string page = Repository.Read("docs/webhooks.md");
        string header(string name) =>
            Regex.Match(page, $"^{name}: (.+)$", RegexOptions.Multiline).Groups[1].Value;
        string secret = Regex.Match(page, "whsec_[A-Za-z0-9+/=]{20,}").Value;
        byte[] body =
            Encoding.UTF8.GetBytes(Regex.Match(page, "^{\"id\":\"evt_.+}$", RegexOptions.Multiline).Value);
        var sent = DateTimeOffset.FromUnixTimeSeconds(long.Parse(header("webhook-timestamp")));
        var opened = WebhookSignature.Open(
            secret, header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"), body,
            sent);
        Assert.Equal("job.created", opened?.Type);
    }

    [Fact]
    public void Every_link_between_the_documents_leads_somewhere()
    {
        var pages = Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(
                Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)).ToList();
        Assert.Contains(pages, page => page.EndsWith("README.md"));
        foreach (string page in pages)
        {
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                string target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.Contains("://")) continue;
                string path = Path.Combine(Path.GetDirectoryName(page)!, target);
                Assert.True(
                    Path.Exists(path), $"{Path.GetFileName(page)} links to {target}, which does not exist.");
            }
        }
    }

    /// <summary>The blocks of the README marked as the walk, as a person pastes them.</summary>
    [Fact]
    public async Task The_walk_in_the_readme_hires_an_agent_with_curl_alone()
    {
        if (Missing("bash") is { } missing || (missing = Missing("curl")) is not null)
        {
            TestContext.Current.SendDiagnosticMessage(
                $"The walk in the README was not run: there is no {missing} here.");
            return;
        }
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        var blocks = Walk().Matches(Repository.Read("README.md"));
        Assert.True(blocks.Count >= 6, "The README has lost its walk.");
        string script = "set -euo pipefail\n"
            + string.Join('\n', blocks.Select(block => block.Groups[1].Value));
        var (code, output) = await Repository.RunAsync("bash", ["-c", script], start =>
            start.Environment["URL"] = server.Url);
        Assert.True(code == 0, output);
        Assert.Equal(2, output.Split("Checkout is complete").Length - 1);
        Assert.Contains("\"last4\":\"4444\"", output);
        Assert.Contains("\"payouts_enabled\":true", output);
        Assert.Contains("\"status\":\"completed\"", output);
        var totals = (await server.GetAsync("/v1/platform")).Expect(200).Data.GetProperty("totals");
        Assert.Equal(1, totals.GetProperty("completed_jobs").GetInt64());
    }

    private static string? Missing(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))) ? null : program;

    /// <summary>Between two marks stands what the code says; VOXPACT_WRITE_DOCS=1 writes it.</summary>
    internal static void Compare(string path, string mark, string table)
    {
        string page = Repository.Read(path);
        string start = $"<!-- {mark} -->\n", end = $"<!-- /{mark} -->";
        int from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
        int to = page.IndexOf(end, StringComparison.Ordinal);
        Assert.True(
            from >= start.Length && to >= from, $"{path} has lost its marks {start.Trim()} and {end}.");
        if (Environment.GetEnvironmentVariable("VOXPACT_WRITE_DOCS") == "1")
            File.WriteAllText(Path.Combine(Repository.Root, path), page[..from] + table + page[to..]);
        Assert.Contains(start + table + end, Repository.Read(path));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```bash walk\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Walk();
}
