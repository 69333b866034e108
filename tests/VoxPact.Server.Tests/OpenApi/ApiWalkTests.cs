using System.Net;
using System.Reflection;
using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain.Facts;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.OpenApi;

/// <summary>
/// A walk through the whole API with the shipped client, every exchange held to the OpenAPI document.
/// </summary>
public sealed partial class ApiWalkTests
{
    private static readonly JsonElement s_spec = JsonElement.Parse("""{"pages":[1,2]}""");
    private static readonly JsonElement s_acceptance = JsonElement.Parse(
        """{"min_length":10,"must_include":["Summary"],"rubric":["Names the change in revenue."]}""");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData<Databases>]
    public async Task Every_call_of_the_client_works_and_is_answered_as_the_document_says(string database)
    {
        await using var server = await TestServer.StartAsync(
            database, options => options with { PayoutIntervalHours = 24, AppealHours = 1 });
        var contract = new ApiContract((await server.GetAsync("/openapi.json")).Expect(200).Text);
        using var http = new HttpClient(new ContractHandler(contract)) { BaseAddress = new Uri(server.Url) };
        var people = new Walk(server, contract, http)
        {
            Buyer = new VoxPactClient(http, (await server.AgentAsync("buyer")).Key),
            Worker = new VoxPactClient(http, (await server.AgentAsync("worker")).Key),
        };
        await people.BeginAsync();
        await people.NameKeysAsync();
        await people.DisputeAsync();
        await people.ConcedeAsync();
        await people.EndEarlyAsync();
        await people.BidAsync();
        await people.RefuseAsync();
        await people.DeliverAsync();
        await people.TalkAsync();
        await people.ShareAsync();
        await people.PayOutAsync();
        await people.SpellOtherwiseAsync();
        await people.MoveMoneyAsync();
        await people.HearAsync();
        await people.PayAsync();
        await people.OperateAsync();
        await EventsAreAsTheDocumentSaysAsync(server, contract);

        var operations = contract.Operations.Select(row => ApiContract.IdOf(row.Operation)).ToHashSet();
        // A transfer that is lost for hours is no part of a walk; MoneyProtocolTests sends one again.
        Assert.Equal(operations.Order(), contract.Succeeded.Append("resendOperation").Order());
        Assert.Equal(
            contract.Operations.Where(row => row.Operation["x-alias-of"] is null)
                .Select(row => ApiContract.IdOf(row.Operation)).Order(StringComparer.Ordinal),
            MethodsOfTheClient().Select(JsonNamingPolicy.CamelCase.ConvertName).Order(StringComparer.Ordinal));
        Assert.Equal(contract.AnnouncedParameters.Order(), contract.Parameters.Order());
        Assert.Superset(new HashSet<string>
        {
            "agent_not_active", "validation_failed", "not_found", "forbidden", "wrong_state", "idempotency_key_reused",
            "unknown_credential", "malformed_credential", "payment_method_required", "operator_only",
        }, contract.Problems);
    }

    /// <summary>What was told on the walk has the members that its type's schema knows, and no other.</summary>
    private static async Task EventsAreAsTheDocumentSaysAsync(TestServer server, ApiContract contract)
    {
        var told = await server.Deployment.Store.QueryAsync(
            "select subject, sequence, type from facts where exists "
            + "(select 1 from inbox i where i.subject = facts.subject and i.sequence = facts.sequence)",
            [], row => (Subject: row.Guid(0), Sequence: row.Int(1), Type: (FactType)row.Int(2)), Stop);
        foreach (var one in told)
        {
            var fact = (await server.Deployment.Store.QueryAsync(EventQueries.One(one.Subject, one.Sequence), Stop))[0];
            byte[] body = EventBody.Of(fact, server.Deployment);
            contract.CheckEvent(FactTypes.Name(EventBody.TypeOf(fact.Fact)), body);
        }
        Assert.True(told.Select(one => one.Type).Distinct().Count() >= 25, "The walk is told of too few things.");
    }

    [Theory]
    [InlineData("\"ok\"", "\"well\"")]
    [InlineData("\"funded_open_jobs\"", "\"open_jobs\"")]
    [InlineData("\"/health\"", "\"/healthy\"")]
    [InlineData("\"200\"", "\"201\"")]
    [InlineData("\"application/json\"", "\"text/json\"")]
    [InlineData("\"multipleOf\": 0.01,", "\"multipleOf\": 1,")]
    public async Task An_answer_that_the_document_does_not_tell_of_is_found(string said, string instead)
    {
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        string document = (await server.GetAsync("/openapi.json")).Expect(200).Text;
        Assert.Contains(said, document);
        var contract = new ApiContract(document.Replace(said, instead));
        using var http = new HttpClient(new ContractHandler(contract)) { BaseAddress = new Uri(server.Url) };
        var client = new VoxPactClient(http);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(async () =>
        {
            await client.GetHealthAsync(Stop);
            await client.GetPlatformAsync(Stop);
        });
    }

    private static IEnumerable<string> MethodsOfTheClient() =>
        typeof(VoxPactClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType.IsAssignableTo(typeof(Task))
                || method.ReturnType == typeof(IAsyncEnumerable<StreamedEvent>))
            .Select(method => method.Name[..^"Async".Length]);

    private sealed partial class Walk(TestServer server, ApiContract contract, HttpClient http)
    {
        public required VoxPactClient Buyer { get; init; }
        public required VoxPactClient Worker { get; init; }

        public async Task BeginAsync()
        {
            var anybody = new VoxPactClient(http);
            Assert.Equal("ok", (await anybody.GetHealthAsync(Stop)).Status);
            Assert.Equal("sandbox", (await anybody.GetPlatformAsync(Stop)).Mode);
            var made = await anybody.RegisterAgentAsync(new RegisterAgentRequest
            {
                Name = TestServer.Name("walker"),
                OwnerEmail = "walker@example.com",
                Capabilities = ["summarization"],
                WebhookUrl = "http://127.0.0.1:9/hook",
                Pricing = new Pricing { PerJob = 0.10m },
                AcceptTerms = true,
                OwnerCountry = "DE",
                Description = "Reads anything.",
                RateCard = s_spec,
            }, stop: Stop);
            var fresh = new VoxPactClient(http, made.ApiKey);
            Assert.Equal("pending_activation", (await fresh.GetMeAsync(Stop)).Status);
            Assert.NotEmpty((await fresh.CreateCheckoutAsync(stop: Stop)).CheckoutUrl);
            var changed = await fresh.UpdateMeAsync(
                new UpdateAgentRequest { Description = "Reads more.", Pricing = null, WebhookUrl = null }, stop: Stop);
            Assert.Null(changed.WebhookUrl);
            await RefusedAsync("agent_not_active", () => fresh.ListJobsAsync(stop: Stop));
            await fresh.RotateKeyAsync(stop: Stop);
            await RefusedAsync("unknown_credential", () => new VoxPactClient(http, made.ApiKey).GetMeAsync(Stop));
        }

        public async Task DisputeAsync()
        {
            var job = await ReviewedAsync();
            await Buyer.RequestRevisionAsync(job.Id, new RequestRevisionRequest { Reason = "Shorter." }, stop: Stop);
            await SubmitAsync(job.Id);
            Assert.Equal(2, (await Buyer.ListSubmissionsAsync(job.Id, Stop)).Data.Count);
            Assert.Equal([1, 2], (await Buyer.ListVerdictsAsync(job.Id, Stop)).Data.Select(said => said.Submission));
            await Buyer.DisputeJobAsync(job.Id, new DisputeJobRequest { Reason = "Still too long." }, stop: Stop);
            var decision = new ResolveDisputeRequest { Outcome = "release", Reason = "Short enough." };
            await RefusedAsync("operator_only", () => Buyer.ResolveDisputeAsync(job.Id, decision, stop: Stop));
            await RefusedAsync("operator_only", () => Buyer.GetRecommendationAsync(job.Id, Stop));
            var arbiter = new VoxPactClient(http, server.OperatorKey);
            await server.SettleAsync();
            Assert.Equal(2, (await arbiter.GetRecommendationAsync(job.Id, Stop)).Submission);
            await Worker.AddEvidenceAsync(job.Id, new EvidenceRequest { Text = "See page two." }, stop: Stop);
            Assert.Equal("See page two.", Assert.Single((await Buyer.ListEvidenceAsync(job.Id, Stop)).Data).Text);
            Assert.Single((await arbiter.ReadEvidenceAsync(job.Id, Stop)).Data);
            Assert.Equal("release", (await arbiter.ResolveDisputeAsync(job.Id, decision, stop: Stop)).Ruling?.Outcome);
            var appealed = await Buyer.AppealDisputeAsync(job.Id, new AppealRequest { Reason = "Count again." }, stop: Stop);
            Assert.Equal("buyer", appealed.Ruling?.AppealedBy);
            Assert.Equal("completed", (await arbiter.ResolveDisputeAsync(job.Id, decision, stop: Stop)).State);
            Assert.True((await arbiter.CheckLedgerAsync("full", Stop)).Passed);
        }

        public async Task ConcedeAsync()
        {
            var job = await ReviewedAsync();
            await Worker.DisputeJobAsync(job.Id, new DisputeJobRequest { Reason = "Look at it." }, stop: Stop);
            Assert.Equal("cancelled", (await Worker.ConcedeJobAsync(job.Id, stop: Stop)).State);
            job = await ReviewedAsync();
            Assert.Equal("approved", (await Buyer.ApproveJobAsync(job.Id, stop: Stop)).ClosedReason);
            var receipt = await Worker.GetReceiptAsync(job.Id, Stop);
            Assert.Contains(receipt.KeyId, (await Worker.GetReceiptKeysAsync(Stop)).Keys.Select(key => key.Kid));
        }

        public async Task EndEarlyAsync()
        {
            var job = await HireAsync();
            var declined = await Worker.DeclineJobAsync(job.Id, new DeclineJobRequest { Reason = "Busy." }, stop: Stop);
            Assert.Equal("declined", declined.ClosedReason);
            job = await HireAsync();
            var asked = new CounterOfferRequest { Amount = 0.12m, Message = "It is long." };
            await Worker.MakeCounterOfferAsync(job.Id, asked, stop: Stop);
            await Worker.WithdrawCounterOfferAsync(job.Id, stop: Stop);
            await Worker.MakeCounterOfferAsync(job.Id, asked, stop: Stop);
            Assert.Equal("offered", (await Buyer.DeclineCounterOfferAsync(job.Id, stop: Stop)).State);
            await Worker.MakeCounterOfferAsync(job.Id, asked, stop: Stop);
            Assert.Equal(0.12m, (await Buyer.GetJobAsync(job.Id, Stop)).CounterOffer?.Amount);
            Assert.Equal(0.12m, (await Buyer.AcceptCounterOfferAsync(job.Id, 0.12m, stop: Stop)).Amount);
            job = await HireAsync();
            Assert.Equal("cancelled", (await Buyer.CancelJobAsync(job.Id, stop: Stop)).Status);
            var page = await Buyer.ListJobsAsync("cancelled,completed", "cancelled", 1, stop: Stop);
            var next = await Buyer.ListJobsAsync("cancelled,completed", "cancelled", 1, page.NextCursor, Stop);
            Assert.NotEqual(page.Data[0].Id, next.Data[0].Id);
        }

        public async Task BidAsync()
        {
            var open = Posting() with { WorkerAgentId = null, RequiredCapabilities = ["summarization"] };
            var first = await Buyer.PostJobAsync(open, stop: Stop);
            var second = await Buyer.PostJobAsync(open, stop: Stop);
            var page = await Worker.ListOpenJobsAsync(0.01m, 5m, 1, stop: Stop);
            Assert.Equal(second.Id, Assert.Single(page.Data).Id);
            Assert.Equal(first.Id, (await Worker.ListOpenJobsAsync(0.01m, 5m, 1, page.NextCursor, stop: Stop)).Data[0].Id);
            var seen = await Worker.GetJobAsync(first.Id, Stop);
            Assert.Equal((null, null), (seen.TaskSpec, seen.Acceptance));
            var bid = await Worker.PlaceBidAsync(
                first.Id, new BidRequest { Amount = 0.08m, Message = "At once.", EstimatedHours = 1 }, stop: Stop);
            Assert.Equal("pending", bid.Status);
            Assert.Equal(bid.Id, Assert.Single((await Buyer.ListBidsAsync(first.Id, Stop)).Data).Id);
            bid = await Worker.ChangeBidAsync(first.Id, bid.Id, new BidRequest { Amount = 0.07m }, stop: Stop);
            Assert.Equal((0.07m, "At once."), (bid.Amount, bid.Message));
            Assert.Equal(0.07m, (await Buyer.AcceptBidAsync(first.Id, bid.Id, stop: Stop, amount: 0.07m)).Amount);
            bid = await Worker.PlaceBidAsync(second.Id, new BidRequest { Amount = 0.08m }, stop: Stop);
            var own = await Worker.ListOwnBidsAsync(limit: 1, stop: Stop);
            Assert.Equal(bid.Id, Assert.Single(own.Data).Id);
            Assert.Equal(first.Id, (await Worker.ListOwnBidsAsync(limit: 1, own.NextCursor, Stop)).Data[0].JobId);
            Assert.Equal("withdrawn", (await Worker.WithdrawBidAsync(second.Id, bid.Id, stop: Stop)).Status);
            var batch = await Buyer.PostJobsAsync(
                new PostJobsRequest { Jobs = [Posting(), Posting() with { Deadline = DateTimeOffset.UnixEpoch, DeadlineHours = 1 }] }, stop: Stop);
            Assert.Equal([201, 400], batch.Results.Select(result => result.Status));
        }

        public async Task RefuseAsync()
        {
            await RefusedAsync("malformed_credential",
                () => new VoxPactClient(http, "vxp_live_x").GetHealthAsync(Stop));
            await RefusedAsync("not_found", () => Buyer.GetJobAsync("job_1", Stop));
            await RefusedAsync("validation_failed",
                () => Buyer.PostJobAsync(Posting() with { Amount = 0.001m }, stop: Stop));
            var job = await HireAsync("the same key");
            Assert.Equal(job.Id, (await HireAsync("the same key")).Id);
            await RefusedAsync("idempotency_key_reused",
                () => Buyer.PostJobAsync(Posting() with { Title = "Another" }, "the same key", Stop));
            await RefusedAsync("forbidden", () => Buyer.AcceptJobAsync(job.Id, stop: Stop));
            await RefusedAsync("wrong_state", () => Buyer.ApproveJobAsync(job.Id, stop: Stop));
        }

        public async Task DeliverAsync()
        {
            var job = await HireAsync();
            Assert.Contains((await Worker.ListAssignedJobsAsync(100, stop: Stop)).Data, one => one.Id == job.Id);
            var page = await Worker.ListAssignedJobsAsync(1, stop: Stop);
            await Worker.ListAssignedJobsAsync(1, page.NextCursor, 1, Stop);
            byte[] report = System.Text.Encoding.UTF8.GetBytes(Deliverables.Unsure);
            var delivered = await Worker.DeliverJobAsync(job.Id, report, "text/markdown", "report.md", stop: Stop);
            Assert.Equal("validating", delivered.State);
            var token = await new VoxPactClient(http).CreateTokenAsync(new TokenRequest { ApiKey = Worker.ApiKey! }, stop: Stop);
            Assert.Equal(_worker, (await new VoxPactClient(http, token.Token).GetMeAsync(Stop)).AgentId);
        }

        public async Task TalkAsync()
        {
            var job = await ReviewedAsync();
            await Buyer.SendMessageAsync(job.Id, new MessageRequest { Content = "Well done.", Type = "praise" }, stop: Stop);
            await Worker.SendMessageAsync(job.Id, new MessageRequest { Content = "Thank you." }, stop: Stop);
            var page = await Worker.ListMessagesAsync(job.Id, 1, stop: Stop);
            Assert.Equal("Thank you.", (await Worker.ListMessagesAsync(job.Id, 1, page.NextCursor, Stop)).Data[0].Content);
            await Buyer.ApproveJobAsync(job.Id, stop: Stop);
            var review = new ReviewRequest { Rating = 4, Comment = "Well done." };
            Assert.Equal(_worker, (await Buyer.ReviewJobAsync(job.Id, review, stop: Stop)).AgentId);
            Assert.Equal(4m, (await new VoxPactClient(http).GetAgentAsync(_worker!, Stop)).Rating);
            var found = await Buyer.SearchAgentsAsync("worker", "summarization", 0, availability: "available", limit: 5, stop: Stop);
            Assert.Equal(_worker, Assert.Single(found.Data).AgentId);
            Assert.Empty((await Buyer.SearchAgentsAsync(maxPrice: 0.01m, stop: Stop)).Data);
            var first = await Buyer.SearchAgentsAsync(limit: 1, stop: Stop);
            var second = await Buyer.SearchAgentsAsync(limit: 1, cursor: first.NextCursor, stop: Stop);
            Assert.NotEqual(Assert.Single(first.Data).AgentId, Assert.Single(second.Data).AgentId);
        }

        public async Task ShareAsync()
        {
            var job = await ReviewedAsync();
            var ticket = await Worker.AnnounceFileAsync(job.Id, new UploadRequest
            {
                Purpose = "deliverable",
                Filename = "report.txt",
                ContentType = "text/plain",
                FileSizeBytes = 5,
            }, stop: Stop);
            // The signed URLs are opaque: they are not of the document.
            using (var put = await server.Http.PutAsync(ticket.UploadUrl, new StringContent("12345"), Stop))
                put.EnsureSuccessStatusCode();
            Assert.Equal("confirmed", (await Worker.ConfirmFileAsync(job.Id, ticket.FileId, stop: Stop)).Status);
            Assert.Equal(ticket.FileId, Assert.Single((await Buyer.ListFilesAsync(job.Id, Stop)).Data).Id);
            Assert.NotEmpty((await Buyer.GetFileUrlAsync(job.Id, ticket.FileId, Stop)).DownloadUrl);
            Assert.Equal(_worker, (await Worker.GetDashboardAsync(Stop)).Agent.AgentId);
        }

        /// <summary>Earnings on their way out, with money that Stripe has at hand.</summary>
        public async Task PayOutAsync()
        {
            var rich = await server.AgentAsync("rich", card: TestCards.AvailableAtOnce);
            await rich.FundAsync(5m);
            var earner = await server.AgentAsync("earner");
            await earner.OnboardAsync();
            for (int i = 0; i < 2; i++) await earner.WorkAsync(await rich.HireAsync(earner, 1m), Deliverables.Pass);
            var client = new VoxPactClient(http, earner.Key);
            await client.RequestPayoutAsync(new PayoutRequest { AmountCents = 10 }, stop: Stop);
            await client.RequestPayoutAsync(stop: Stop);
            var page = await client.ListPayoutsAsync(1, stop: Stop);
            Assert.Equal(10, (await client.ListPayoutsAsync(1, page.NextCursor, Stop)).Data[0].AmountCents);
        }

        /// <summary>What published clients call by another path.</summary>
        public async Task SpellOtherwiseAsync()
        {
            var job = await ReviewedAsync();
            await PostAsync($"/v1/jobs/{job.Id}/revision", Buyer, """{"feedback":"Shorter."}""");
            var open = await Buyer.PostJobAsync(Posting() with { WorkerAgentId = null }, stop: Stop);
            await PostAsync($"/v1/jobs/{open.Id}/bids", Worker, """{"proposed_price":0.05,"message":"At once."}""");
            await GetAsync("/v1/jobs/open?capability=x&capabilities=summarization");
            await GetAsync("/v1/agents/search?capability=summarization");
            var fresh = await server.RegisterAsync();
            await PostAsync("/v1/agents/me/rotate-key", new VoxPactClient(http, fresh.Key), null);
        }

        private async Task GetAsync(string path) =>
            (await http.GetAsync(path, Stop)).EnsureSuccessStatusCode().Dispose();

        private async Task PostAsync(string path, VoxPactClient by, string? body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new("Bearer", by.ApiKey);
            (await http.SendAsync(request, Stop)).EnsureSuccessStatusCode().Dispose();
        }

        public async Task HearAsync()
        {
            var endpoint = await Worker.CreateWebhookEndpointAsync(new CreateWebhookEndpointRequest
            {
                Url = "http://127.0.0.1:9/hook",
                Types = ["job.created"],
                Description = "Nobody is there.",
            }, stop: Stop);
            Assert.StartsWith("whsec_", endpoint.Secret);
            string first = (await Worker.ListEventsAsync(limit: 1, stop: Stop)).NextCursor!;
            var job = await HireAsync();
            await new VoxPactClient(http).AdvanceClockAsync(new ClockRequest { AdvanceSeconds = 0 }, stop: Stop);
            var told = await Worker.ListEventsAsync(first, "job.created", job.Id, 10, 1, Stop);
            Assert.Equal("job.created", Assert.Single(told.Data).Type);
            await foreach (var streamed in Worker.StreamEventsAsync(first, "job.created", job.Id, Stop))
            {
                Assert.Equal(told.Data[0].Id, streamed.Event.Id);
                break;
            }
            Assert.Equal("job.accepted", (await Worker.SendTestEventAsync(
                new TestEventRequest { Type = "job.accepted" }, stop: Stop)).Type);
            Assert.Equal(endpoint.Id, Assert.Single((await Worker.ListWebhookEndpointsAsync(Stop)).Data).Id);
            Assert.True((await Worker.GetWebhookEndpointAsync(endpoint.Id, Stop)).Enabled);
            Assert.False((await Worker.PingWebhookEndpointAsync(endpoint.Id, stop: Stop)).Delivered);
            Assert.Equal("webhook.ping", Assert.Single(
                (await Worker.ListDeliveriesAsync(endpoint.Id, "dead", 1, stop: Stop)).Data).Type);
            var tried = await Worker.ListDeliveriesAsync(endpoint.Id, "retrying", 1, stop: Stop);
            Assert.Equal(job.Id, Assert.Single(tried.Data).JobId);
            var sent = await Worker.ReplayDeliveriesAsync(
                endpoint.Id, new ReplayRequest { DeliveryId = tried.Data[0].Id }, stop: Stop);
            Assert.Equal((1, false), (sent.Queued, sent.More));
            await new VoxPactClient(http).AdvanceClockAsync(new ClockRequest { AdvanceSeconds = 6 }, stop: Stop);
            tried = await Worker.ListDeliveriesAsync(endpoint.Id, "retrying,dead", 1, stop: Stop);
            await Worker.ListDeliveriesAsync(endpoint.Id, "retrying,dead", 1, tried.NextCursor, Stop);
            Assert.NotNull((await Worker.RotateWebhookSecretAsync(endpoint.Id, stop: Stop)).OldSecretUntil);
            Assert.Equal("by_owner", (await Worker.UpdateWebhookEndpointAsync(
                endpoint.Id, new UpdateWebhookEndpointRequest { Enabled = false }, stop: Stop)).DisabledReason);
            await RefusedAsync("wrong_state", () => Worker.ReplayDeliveriesAsync(
                endpoint.Id, new ReplayRequest { Failed = true }, stop: Stop));
            Assert.True((await Worker.RemoveWebhookEndpointAsync(endpoint.Id, stop: Stop)).Removed);
        }

        public async Task PayAsync()
        {
            var balance = await Buyer.GetBalanceAsync(Stop);
            Assert.Equal("eur", balance.Currency);
            var newest = await Buyer.ListTransactionsAsync(stop: Stop);
            Assert.Equal(balance.Available, newest.Data[0].Balance.Available);
            string? about = newest.Data.First(line => line.JobId is not null).JobId;
            Assert.All((await Buyer.ListTransactionsAsync(about, "hold,refund", stop: Stop)).Data,
                line => Assert.Equal(about, line.JobId));
            var first = await Buyer.ListTransactionsAsync(limit: 1, stop: Stop);
            var second = await Buyer.ListTransactionsAsync(limit: 1, cursor: first.NextCursor, stop: Stop);
            Assert.Equal(newest.Data[1].Id, second.Data[0].Id);
            Assert.NotEmpty((await Worker.StartOnboardingAsync(stop: Stop)).OnboardingUrl);
            Assert.False((await Worker.GetConnectStatusAsync(Stop)).PayoutsEnabled);
            Assert.NotEmpty((await Buyer.SetUpPaymentMethodAsync(stop: Stop)).ClientSecret);
            var card = Assert.Single((await Buyer.ListPaymentMethodsAsync(Stop)).Data);
            Assert.True((await Buyer.RemovePaymentMethodAsync(card.Id, stop: Stop)).Removed);
            await RefusedAsync("payment_method_required",
                () => Buyer.PostJobAsync(Posting() with { Amount = 900m }, stop: Stop));
        }

        private async Task<JobResource> HireAsync(string? key = null)
        {
            _worker ??= (await Worker.GetMeAsync(Stop)).AgentId;
            return await Buyer.PostJobAsync(Posting(), key, Stop);
        }

        /// <summary>A job whose work is before its buyer, the judges being unsure.</summary>
        private async Task<JobResource> ReviewedAsync()
        {
            var job = await HireAsync();
            Assert.Equal("active", (await Worker.AcceptJobAsync(job.Id, stop: Stop)).State);
            await SubmitAsync(job.Id);
            job = await Buyer.GetJobAsync(job.Id, Stop);
            Assert.Equal(("review", "unsure"), (job.State, job.LastVerdict?.Outcome));
            return job;
        }

        private async Task SubmitAsync(string job)
        {
            await Worker.SubmitJobAsync(job, SubmitRequest.Text(Deliverables.Unsure, "Here it is."), stop: Stop);
            await new VoxPactClient(http).AdvanceClockAsync(new ClockRequest { AdvanceSeconds = 0 }, stop: Stop);
        }

        private async Task RefusedAsync(string code, Func<Task> call)
        {
            var refused = await Assert.ThrowsAsync<VoxPactException>(call);
            Assert.True(refused.Code == code, $"{refused.Code} instead of {code}: {refused.Message}");
            Assert.Contains(code, contract.Problems);
            Assert.NotEqual(HttpStatusCode.InternalServerError, refused.Status);
        }
    }
}
