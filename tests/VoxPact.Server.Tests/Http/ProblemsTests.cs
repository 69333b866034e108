using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Http;
using Xunit;

namespace VoxPact.Server.Tests.Http;

public sealed class ProblemsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int> Codes => [.. Enum.GetValues<RefusalCode>().Select(code => (int)code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_refusal_has_a_status_a_title_and_its_headers(int number)
    {
        var code = (RefusalCode)number;
        ProblemKind kind = Problems.Catalogue[number];
        await using LoopbackApp app = await LoopbackApp.StartAsync(app =>
        {
            app.UseRequestIds(TimeProvider.System);
            app.Run(http => Problems.WriteAsync(http, new Refusal(code, "Do something else.",
                new Dictionary<string, string[]> { ["amount"] = ["Too much."] }, "https://bank.example/")));
        });
        using HttpResponseMessage response = await app.Client.GetAsync("/v1/thing", Stop);
        Problem problem = await Answers.ReadProblemAsync(response, Problems.StatusOf(code), kind.Code);
        Assert.Equal("/v1/thing", problem.Instance);
        Assert.Equal(["Too much."], problem.Errors!["amount"]);
        Assert.Equal("https://bank.example/", problem.Link);
        Assert.Equal(kind.Status == 402, problem.Error!.Contains("payment", StringComparison.Ordinal));
        Assert.Equal(kind.Status == 401, response.Headers.WwwAuthenticate.Count == 2);
        Assert.Equal(kind.RetryAfterSeconds > 0,
            response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        if (kind.Status is 429 or 503) Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public void The_catalogue_names_each_code_once_and_in_snake_case()
    {
        Assert.Distinct(Problems.Catalogue.Select(kind => kind.Code));
        Assert.All(Problems.Catalogue, kind => Assert.Matches("^[a-z]+(_[a-z]+)*$", kind.Code));
        Assert.All(Problems.Catalogue, kind => Assert.InRange(kind.Status, 400, 503));
        Assert.Equal("internal_error", Assert.Single(Problems.Catalogue, kind => kind.Status == 500).Code);
    }

    [Fact]
    public void A_rendered_refusal_is_the_one_that_is_sent()
    {
        (int status, byte[] body) = Problems.Render(Refusal.NotFound, "/v1/jobs/job_1", "req_1");
        Assert.Equal(404, status);
        Assert.StartsWith("{\"type\":\"/docs/errors#not_found\",\"title\":\"Not found\",\"status\":404,",
            System.Text.Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void The_page_about_errors_says_what_the_code_says()
    {
        string page = Path.Combine(Repository(), "docs", "errors.md");
        if (Environment.GetEnvironmentVariable("VOXPACT_WRITE_DOCS") == "1")
            File.WriteAllText(page, ErrorsDocument.Render());
        Assert.Equal(ErrorsDocument.Render(), File.ReadAllText(page));
    }

    [Fact]
    public async Task A_longer_wait_than_the_kinds_own_is_kept()
    {
        await using LoopbackApp app = await LoopbackApp.StartAsync(app =>
        {
            app.UseRequestIds(TimeProvider.System);
            app.UseBarrier(NullLogger.Instance);
            app.Run(http => RateLimits.RefuseAsync(http, 17));
        });
        using HttpResponseMessage response = await app.Client.GetAsync("/", Stop);
        await Answers.ReadProblemAsync(response, 429, "rate_limited");
        Assert.Equal(TimeSpan.FromSeconds(17), response.Headers.RetryAfter?.Delta);
    }

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VoxPact.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
