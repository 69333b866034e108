using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using VoxPact.Domain.Agents;
using VoxPact.Server.Http;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Every route × every kind of caller × the states of a job, held to <see cref="AuthorizationTable"/>.</summary>
public sealed partial class AuthorizationTests(SharedServers servers) : IClassFixture<SharedServers>
{
    private static readonly string s_missing = "job_" + new string('0', 26);

    [Theory, ClassData<Databases>]
    public async Task Every_route_has_a_row(string database)
    {
        var server = await servers.OnAsync(database);
        var routes = server.Running.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteFacts>() is not null)
            .Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()} "
                + endpoint.RoutePattern.RawText);
        Assert.Equal(routes.Distinct().Order(), AuthorizationTable.Rows.Select(row => $"{row.Method} {row.Path}").Distinct().Order());
    }

    [Theory, ClassData<Databases>]
    public async Task Every_caller_gets_the_answer_of_the_table(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var cast = await Cast.MakeAsync(server);
        var wrong = new List<string>();
        foreach (var row in AuthorizationTable.Rows)
        {
            // Refusals change nothing, so they share one job, which must look the same afterwards.
            var shared = await cast.ArrangeAsync(row);
            string? before = await cast.LookAsync(shared);
            foreach (var (caller, status) in row.Cells.Where(cell => cell.Status >= 400))
                await cast.TryAsync(row, shared, caller, status, wrong);
            if (before != await cast.LookAsync(shared)) wrong.Add($"{row}: a refused call changed the job");
            foreach (var (caller, status) in row.Cells.Where(cell => cell.Status < 400))
                await cast.TryAsync(row, row.Method == "GET" ? shared : await cast.ArrangeAsync(row), caller, status, wrong);
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory, ClassData<Databases>]
    public async Task Missing_and_foreign_jobs_get_byte_identical_answers(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var cast = await Cast.MakeAsync(server);
        int compared = 0;
        foreach (var row in AuthorizationTable.Rows.Where(row => row.Path.Contains("{id}") && row.State is "offered" or "active"))
        {
            var foreign = await cast.ArrangeAsync(row);
            foreach (var (caller, status) in row.Cells.Where(cell => cell.Status == 404))
            {
                var refused = await cast.SendAsync(row, foreign, caller);
                var missing = await cast.SendAsync(row, foreign with { Job = s_missing }, caller);
                var nonsense = await cast.SendAsync(row, foreign with { Job = "job_no-such-thing" }, caller);
                Assert.Equal(Anonymous(missing), Anonymous(refused));
                Assert.Equal(Anonymous(missing), Anonymous(nonsense));
                compared++;
            }
        }
        Assert.True(compared > 30);
    }

    private static (int, string) Anonymous(Answer answer) =>
        (answer.Status, Private().Replace(answer.Text, "\"$1\":\"\""));

    [GeneratedRegex("\"(request_id|instance)\":\"[^\"]*\"")]
    private static partial Regex Private();

    /// <summary>What one cell is tried on.</summary>
    internal sealed record Subject(string Job, string Bid, string Card, string Thing = "");

    /// <summary>The callers of the table, and how to bring about what a row needs.</summary>
    private sealed class Cast
    {
        private readonly TestServer _server;
        private readonly Dictionary<string, TestAgent> _agents = [];
        private readonly string _unknown = ApiKey.Create(ApiKey.AgentPrefix, new byte[ApiKey.RandomBytes]);
        private readonly Dictionary<string, string> _named = [];
        private string _revoked = "";

        private Cast(TestServer server) => _server = server;

        private TestAgent Buyer => _agents["buyer"];

        public static async Task<Cast> MakeAsync(TestServer server)
        {
            var cast = new Cast(server);
            foreach (string name in new[] { "stranger", "bidder", "buyer", "worker" })
                cast._agents[name] = await server.AgentAsync(name);
            cast._agents["pending"] = await server.RegisterAsync("pending");
            cast._agents["sibling"] = await server.AgentAsync("sibling", sameOwnerAs: cast.Buyer.Key);
            await cast.Buyer.FundAsync(100m);
            cast._revoked = cast.Buyer.Key;
            await cast.Buyer.RotateAsync();
            foreach (string scope in new[] { "read", "work", "hire", "manage" })
                cast._named[$"k-{scope}"] = await cast.NameKeyAsync(scope);
            return cast;
        }

        private async Task RenewAsync()
        {
            (await Buyer.DeleteAsync("/v1/keys")).Expect(200);
            foreach (string caller in _named.Keys.ToList()) _named[caller] = await NameKeyAsync(caller[2..]);
        }

        private async Task<string> NameKeyAsync(params string[] scopes) =>
            (await Buyer.PostAsync("/v1/keys", new { name = "Of the table", scopes })).Expect(201)
                .String("data.api_key")!;

        /// <summary>A request of a key that needs approval.</summary>
        private async Task<string> AskedAsync()
        {
            var key = (await Buyer.PostAsync("/v1/keys", new { name = "Asks", scopes = (string[])["hire"], approval_above = 0 }))
                .Expect(201);
            return (await _server.PostAsync("/v1/jobs", key.String("data.api_key"),
                new { title = "Asked", description = "Needs approval.", amount = 0.10m }))
                .Expect(403, "approval_required").String("approval_id")!;
        }

        /// <summary>A fresh job in the row's state, with a bid when its state can have one.</summary>
        public async Task<Subject> ArrangeAsync(AuthorizationTable.Row row)
        {
            string card = "";
            if (row.Path == "/v1/payment-methods/{id}")
            {
                await Buyer.SaveCardAsync(TestCards.Mastercard);
                card = (await Buyer.CardsAsync())[0].GetProperty("id").GetString()!;
            }
            string thing = row.Path switch
            {
                var path when path.Contains("/operations/{id}") => await ChargedAsync(Buyer),
                var path when path.Contains("/owners/{id}") =>
                    (await Buyer.GetAsync("/v1/agents/me")).Expect(200).String("data.owner_id")!,
                var path when path.StartsWith("/v1/webhook-endpoints/") =>
                    (await Buyer.PostAsync("/v1/webhook-endpoints", new { url = "http://127.0.0.1:9/hook" }))
                        .Expect(201).String("data.id")!,
                var path when path.StartsWith("/v1/operator/agents/") => await StandingAsync(path.EndsWith("/reinstate")),
                var path when path.StartsWith("/v1/approvals/") => await AskedAsync(),
                var path when path.StartsWith("/v1/keys/") => (await Buyer.PostAsync("/v1/keys",
                    new { name = "To be changed", scopes = (string[])["read"] })).Expect(201).String("data.id")!,
                _ => "",
            };
            // Of one owner's charges only one may be under way.
            if (row.Path.StartsWith("/v1/balance/")) await _server.SettleAsync();
            // Whoever may withdraw must have something to withdraw.
            if (row.Path == "/v1/balance/withdraw")
                foreach (var agent in _agents.Where(one => one.Key != "pending")) await ChargedAsync(agent.Value);
            if (row.State == "-") return new Subject("", "", card, thing);
            if (row.State == "offered")
                return new Subject(await Buyer.HireAsync(_agents["worker"]), "bid_" + new string('0', 26), card);
            string job = await Buyer.PostJobAsync(
                new { title = "Open job", description = "A summary of the quarterly report.", amount = 0.10m });
            (await _agents["bidder"].PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.09m })).Expect(201);
            string bid = (await _agents["worker"].PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.08m }))
                .Expect(201).String("data.id")!;
            if (row.State == "open") return new Subject(job, bid, card);
            (await Buyer.PostAsync($"/v1/jobs/{job}/bids/{bid}/accept")).Expect(200);
            if (row.State == "active") return new Subject(job, bid, card);
            await _agents["worker"].SubmitAsync(job, row.State == "completed" ? Deliverables.Pass : Deliverables.Unsure);
            if (row.State == "disputed")
                (await Buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Not what was asked for." })).Expect(200);
            await Buyer.ExpectAsync(job, row.State);
            return new Subject(job, bid, card);
        }

        /// <summary>An agent for the operator to act on, suspended or not.</summary>
        private async Task<string> StandingAsync(bool isSuspended)
        {
            string id = (await _server.RegisterAsync("standing")).Id;
            if (isSuspended)
                (await _server.PostAsync($"/v1/operator/agents/{id}/suspend", _server.OperatorKey, new { reason = "R" })).Expect(200);
            return id;
        }

        private async Task<string> ChargedAsync(TestAgent agent)
        {
            string id = (await agent.PostAsync("/v1/balance/top-up", new { amount = 1.00m })).Expect(202)
                .String("data.id")!;
            await _server.SettleAsync();
            return id;
        }

        public async Task<string?> LookAsync(Subject subject) =>
            subject.Job.Length == 0 ? null : (await Buyer.GetAsync($"/v1/jobs/{subject.Job}")).Expect(200).Text;

        public async Task TryAsync(
            AuthorizationTable.Row row, Subject subject, string caller, int status, List<string> wrong)
        {
            var answer = await SendAsync(row, subject, caller);
            if (answer.Status != status) wrong.Add($"{row} by {caller}: {answer.Status} instead of {status}: {answer.Text}");
            if (row.Path.EndsWith("/rotate-key") && answer.Status == 200)
            {
                string key = answer.String("data.api_key")!;
                if (caller == "operator") _server.OperatorKey = key;
                else _agents[caller].Key = key;
            }
            // There are few of them, and those of one row must not be in the way of the next one's.
            if (row.Path.StartsWith("/v1/keys") && answer.Status is 200 or 201) await RenewAsync();
        }

        public Task<Answer> SendAsync(AuthorizationTable.Row row, Subject subject, string caller)
        {
            if (row.Path.EndsWith("/stream")) return _server.PeekAsync(row.Path, KeyOf(caller));
            string path = row.Path.StartsWith("/v1/payment-methods") ? row.Path.Replace("{id}", subject.Card)
                : row.Path.StartsWith("/v1/agents/{id}") ? row.Path.Replace("{id}", _agents["worker"].Id) : row.Path
                .Replace("{id}", subject.Thing.Length > 0 ? subject.Thing : subject.Job).Replace("{bid}", subject.Bid)
                .Replace("{file}", "file_" + new string('0', 26));
            object? body = row.Method is "GET" or "DELETE" ? null : BodyOf(row.Path);
            return _server.SendAsync(new HttpMethod(row.Method), path, KeyOf(caller), body is null ? null : JsonContent.Create(body));
        }

        private string? KeyOf(string caller) => caller switch
        {
            "none" => null,
            "unknown" => _unknown,
            "malformed" => "vxp_live_abc",
            "revoked" => _revoked,
            "operator" => _server.OperatorKey,
            _ when caller.StartsWith("k-") => _named[caller],
            _ => _agents[caller].Key,
        };

        private object? BodyOf(string path) => path[(path.LastIndexOf('/') + 1)..] switch
        {
            "register" => new
            {
                name = TestServer.Name("registered"),
                owner_email = "a@example.com",
                capabilities = new[] { "x" },
                accept_terms = true,
            },
            "{id}" when path.StartsWith("/v1/keys/") => new { name = "Changed" },
            "recover" => new { agent_id = _agents["stranger"].Id, owner_email = "nobody@example.com" },
            "keys" => new { name = "Of the table", scopes = (string[])["read"] },
            "me" or "{id}" => new { description = "Edited." },
            "jobs" => new { title = "Open job", description = "Posted by the table.", amount = 0.10m },
            "batch" => new { jobs = new[] { new { title = "Open job", description = "Of a batch.", amount = 0.10m } } },
            "clock" => new { advance_seconds = 0 },
            "token" => new { api_key = _agents["stranger"].Key },
            "webhook-endpoints" => new { url = "http://127.0.0.1:9/hook" },
            "replay" => new { failed = true },
            "submit" or "deliver" => new { deliverable = Deliverables.Pass },
            "upload-url" => new { filename = "a.txt", content_type = "text/plain", file_size_bytes = 5 },
            "messages" => new { content = "Said in words." },
            "review" => new { rating = 5 },
            "revision" => new { feedback = "Said in words." },
            "bids" => new { proposed_price = 0.07m },
            "counter-offer" => new { amount = 0.09m },
            "evidence" => new { text = "Said in words." },
            "request-revision" or "dispute" or "appeal" => new { reason = "Said in words." },
            "top-up" => new { amount = 1.00m },
            "withdraw" => new { amount = 0.01m },
            "bonus" => new { amount = 0.05m },
            "suspend" or "reinstate" => new { reason = "Said in words." },
            "pause" => new { reason = "Said in words." },
            "write-off" => new { reason = "Said in words." },
            "adopt" => new { id = "pi_0" },
            "capital" => new { direction = "add", amount = 1.00m, reason = "Said in words." },
            "bid" or "{bid}" => new { amount = 0.07m },
            "resolve" => new { outcome = "release", reason = "Said in words." },
            _ => null,
        };
    }
}
