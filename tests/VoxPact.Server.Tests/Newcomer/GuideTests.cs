using System.Text.RegularExpressions;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

/// <summary>The guides for buyers, workers and operators, run as a person pastes them.</summary>
public sealed partial class GuideTests
{
    [Theory]
    [InlineData("docs/buyers.md", 13, "\"rating\":5")]
    [InlineData("docs/operators.md", 6, "\"act\":\"rotate_operator_key\"")]
    [InlineData("docs/workers.md", 7, "\"status\":\"completed\"")]
    public async Task Every_command_of_a_guide_works_with_curl_alone(string page, int blocks, string ends)
    {
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        var walk = Walk().Matches(Repository.Read(page));
        Assert.Equal(blocks, walk.Count);
        string script = "set -euo pipefail\n" + string.Join('\n', walk.Select(block => block.Groups[1].Value));
        var (code, output) = await Repository.RunAsync("bash", ["-c", script], start =>
        {
            start.Environment["URL"] = server.Url;
            start.Environment["BUYER_KEY"] = buyer.Key;
            start.Environment["WORKER_KEY"] = worker.Key;
            start.Environment["OPERATOR_KEY"] = server.OperatorKey;
            start.Environment["WORKER_ID"] = worker.Id;
            start.Environment["TMP"] = server.Options.Data;
        });
        Assert.True(code == 0, output);
        Assert.Contains(ends, output);
    }

    [GeneratedRegex("^```bash walk\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Walk();
}
