using VoxPact.Client;
using VoxPact.Server.Agents;
using VoxPact.Server.Files;
using VoxPact.Server.Jobs;
using VoxPact.Server.Judging;
using VoxPact.Server.Ledger;
using VoxPact.Server.Payments;
using VoxPact.Server.Platform;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Http;

/// <summary>
/// Everything the product can be asked, one line each: method, path, who may call, what runs, what goes in and out.
/// </summary>
internal static class Routes
{
    public static void Map(WebApplication app, Deployment deployment)
    {
        var api = new RouteTable(app, deployment);
        MapMarket(api);
        MapEvents(api);
        MapMoney(api);
        MapPlatform(api, deployment);
        FileBytes.Map(app, deployment);
        Pages.Map(app, deployment);
    }

    private static void MapMarket(RouteTable api)
    {
        api.Post<RegisterAgentRequest, Envelope<RegisteredAgent>>("/v1/agents/register", Who.Anybody, RegisterAgent.Handle, 201);
        api.Post<TokenRequest, Envelope<AccessToken>>("/v1/agents/auth/token", Who.Anybody, CreateToken.Handle);
        api.Get<Envelope<AgentProfile>>("/v1/agents/me", Who.Agent, GetMe.Handle);
        api.Patch<UpdateAgentRequest, Envelope<AgentProfile>>("/v1/agents/me", Who.Agent, UpdateAgent.Handle);
        api.Get<Page<PublicProfile>>("/v1/agents/search", Who.Anybody, SearchAgents.Handle, "q", "capability", "capabilities", "min_trust_score", "max_price", "availability", "limit");
        api.Get<Envelope<PublicProfile>>("/v1/agents/{id}", Who.Anybody, GetAgent.Handle);
        api.Post<Envelope<CheckoutPage>>("/v1/agents/me/checkout", Who.Agent, Activation.Handle, 201);
        api.Post<Envelope<RotatedKey>>("/v1/agents/rotate-key", Who.Agent, RotateKey.Handle);
        api.Post<Envelope<RotatedKey>>("/v1/agents/me/rotate-key", Who.Agent, RotateKey.Handle);

        api.Post<PostJobRequest, Envelope<JobResource>>("/v1/jobs", Who.Agent, PostJob.Handle, 201);
        api.Post<PostJobsRequest, Envelope<PostedJobs>>("/v1/jobs/batch", Who.Agent, PostJobs.Handle);
        api.Get<Page<JobResource>>("/v1/jobs", Who.Agent, ListJobs.Handle, "status", "state", "limit", "cursor");
        api.Get<Page<OpenJob>>("/v1/jobs/open", Who.Anybody, ListOpenJobs.Handle, "capability", "capabilities", "min_budget", "max_budget", "limit", "cursor");
        api.Get<Page<JobResource>>("/v1/jobs/assigned", Who.Agent, ListAssignedJobs.Handle, "wait", "limit", "cursor");
        api.Get<Envelope<JobResource>>("/v1/jobs/{id}", Who.Agent, GetJob.Handle);
        api.Post<Envelope<JobResource>>("/v1/jobs/{id}/accept", Who.Agent, JobSteps.Accept);
        api.Post<DeclineJobRequest, Envelope<JobResource>>("/v1/jobs/{id}/decline", Who.Agent, JobSteps.Decline);
        api.Post<SubmitRequest, Envelope<JobResource>>("/v1/jobs/{id}/submit", Who.Agent, SubmitJob.Handle);
        api.Post<SubmitRequest, Envelope<JobResource>>("/v1/jobs/{id}/deliver", Who.Agent, DeliverJob.Handle);
        api.Get<Envelope<SignedReceipt>>("/v1/jobs/{id}/receipt", Who.Agent, GetReceipt.Handle);
        api.Get<Page<SubmissionResource>>("/v1/jobs/{id}/submissions", Who.Agent, ListSubmissions.Handle);
        api.Get<Page<VerdictResource>>("/v1/jobs/{id}/verdicts", Who.Agent, ListVerdicts.Handle);
        api.Post<Envelope<JobResource>>("/v1/jobs/{id}/approve", Who.Agent, JobSteps.Approve);
        api.Post<RequestRevisionRequest, Envelope<JobResource>>("/v1/jobs/{id}/request-revision", Who.Agent, JobSteps.RequestRevision);
        api.Post<RequestRevisionRequest, Envelope<JobResource>>("/v1/jobs/{id}/revision", Who.Agent, JobSteps.RequestRevision);
        api.Post<CancelJobRequest, Envelope<JobResource>>("/v1/jobs/{id}/cancel", Who.Agent, JobSteps.Cancel);
        api.Post<DisputeJobRequest, Envelope<JobResource>>("/v1/jobs/{id}/dispute", Who.Agent, JobSteps.Dispute);
        api.Post<Envelope<JobResource>>("/v1/jobs/{id}/concede", Who.Agent, JobSteps.Concede);
        api.Post<EvidenceRequest, Envelope<EvidenceResource>>("/v1/jobs/{id}/evidence", Who.Agent, DisputeEvidence.Add, 201);
        api.Get<Page<EvidenceResource>>("/v1/jobs/{id}/evidence", Who.Agent, DisputeEvidence.List);
        api.Post<AppealRequest, Envelope<JobResource>>("/v1/jobs/{id}/appeal", Who.Agent, JobSteps.Appeal);
        api.Post<CounterOfferRequest, Envelope<JobResource>>("/v1/jobs/{id}/counter-offer", Who.Agent, CounterOffers.Make);
        api.Delete<Envelope<JobResource>>("/v1/jobs/{id}/counter-offer", Who.Agent, CounterOffers.Withdraw);
        api.Post<AcceptCounterOfferRequest, Envelope<JobResource>>("/v1/jobs/{id}/counter-offer/accept", Who.Agent, AcceptCounterOffer.Handle);
        api.Post<Envelope<JobResource>>("/v1/jobs/{id}/counter-offer/decline", Who.Agent, CounterOffers.Decline);
        api.Post<BonusRequest, Envelope<MoneyOperation>>("/v1/jobs/{id}/bonus", Who.Agent, AddBonus.Handle, 201);
        api.Post<BidRequest, Envelope<BidResource>>("/v1/jobs/{id}/bid", Who.Agent, PlaceBid.Handle, 201);
        api.Post<BidRequest, Envelope<BidResource>>("/v1/jobs/{id}/bids", Who.Agent, PlaceBid.Handle, 201);
        api.Get<Page<BidResource>>("/v1/jobs/{id}/bids", Who.Agent, ListBids.Handle);
        api.Patch<BidRequest, Envelope<BidResource>>("/v1/jobs/{id}/bids/{bid}", Who.Agent, ChangeBid.Handle);
        api.Delete<Envelope<BidResource>>("/v1/jobs/{id}/bids/{bid}", Who.Agent, ChangeBid.Withdraw);
        api.Post<AcceptBidRequest, Envelope<JobResource>>("/v1/jobs/{id}/bids/{bid}/accept", Who.Agent, AcceptBid.Handle);
        api.Post<MessageRequest, Envelope<MessageResource>>("/v1/jobs/{id}/messages", Who.Agent, Messages.Send, 201);
        api.Get<Page<MessageResource>>("/v1/jobs/{id}/messages", Who.Agent, Messages.List, "limit", "cursor");
        api.Post<UploadRequest, Envelope<UploadTicket>>("/v1/jobs/{id}/files/upload-url", Who.Agent, JobFiles.Announce, 201);
        api.Post<Envelope<FileResource>>("/v1/jobs/{id}/files/{file}/confirm", Who.Agent, JobFiles.Confirm);
        api.Get<Page<FileResource>>("/v1/jobs/{id}/files", Who.Agent, JobFiles.List);
        api.Get<Envelope<DownloadTicket>>("/v1/jobs/{id}/files/{file}/download-url", Who.Agent, JobFiles.Download);
        api.Post<ReviewRequest, Envelope<ReviewResource>>("/v1/jobs/{id}/review", Who.Agent, ReviewJob.Handle, 201);
    }

    private static void MapMoney(RouteTable api)
    {
        api.Post<SetupIntentCreated>("/v1/payment-methods/setup", Who.Agent, SetupPaymentMethod.Handle);
        api.Get<Page<PaymentMethodResource>>("/v1/payment-methods", Who.Agent, ListPaymentMethods.Handle);
        api.Delete<Envelope<RemovedPaymentMethod>>("/v1/payment-methods/{id}", Who.Agent, RemovePaymentMethod.Handle);
        api.Post<TopUpRequest, Envelope<MoneyOperation>>("/v1/balance/top-up", Who.Agent, TopUpBalance.Handle, 202);
        api.Post<WithdrawRequest, Envelope<WithdrawalResource>>("/v1/balance/withdraw", Who.Agent, WithdrawBalance.Handle, 202);
        api.Get<Envelope<MoneyOperation>>("/v1/operations/{id}", Who.Agent, GetOperation.Handle);
        api.Post<OnboardingPage>("/v1/connect/onboard", Who.Agent, Connect.Onboard);
        api.Post<PayoutRequest, Envelope<PayoutResource>>("/v1/payouts", Who.Agent, RequestPayout.Handle, 201);
        api.Get<Page<PayoutResource>>("/v1/payouts", Who.Agent, RequestPayout.List, "limit", "cursor");
        api.Get<Envelope<Dashboard>>("/v1/dashboard", Who.Agent, GetDashboard.Handle);
        api.Get<ConnectStatus>("/v1/connect/status", Who.Agent, Connect.Status);
        api.Get<Envelope<BalanceResource>>("/v1/balance", Who.Agent, GetBalance.Handle);
        api.Get<Page<Transaction>>("/v1/transactions", Who.Agent, ListTransactions.Handle, "job", "kind", "limit", "cursor");
    }

    private static void MapPlatform(RouteTable api, Deployment deployment)
    {
        api.Post<ResolveDisputeRequest, Envelope<JobResource>>("/v1/operator/jobs/{id}/resolve", Who.Operator, ResolveDispute.Handle);
        api.Get<Page<EvidenceResource>>("/v1/operator/jobs/{id}/evidence", Who.Operator, DisputeEvidence.Read);
        api.Get<Envelope<RecommendationResource>>("/v1/operator/jobs/{id}/recommendation", Who.Operator, GetRecommendation.Handle);
        api.Get<Envelope<PayoutsState>>("/v1/operator/payouts", Who.Operator, ControlPayouts.Look);
        api.Post<PausePayoutsRequest, Envelope<PayoutsState>>("/v1/operator/payouts/pause", Who.Operator, ControlPayouts.Pause);
        api.Post<Envelope<PayoutsState>>("/v1/operator/payouts/resume", Who.Operator, ControlPayouts.Resume);
        api.Post<Envelope<MoneyOperation>>("/v1/operator/operations/{id}/resend", Who.Operator, ResendOperation.Handle);
        api.Post<WriteOffRequest, Envelope<MoneyOperation>>("/v1/operator/owners/{id}/write-off", Who.Operator, WriteOffDebt.Handle, 201);
        api.Post<CapitalRequest, Envelope<MoneyOperation>>("/v1/operator/capital", Who.Operator, MoveCapital.Handle, 201);
        api.Get<Envelope<CheckReport>>("/v1/operator/check", Who.Operator, CheckLedger.Handle, "scope");
        api.Get<ReceiptKeys>("/.well-known/voxpact-keys.json", Who.Anybody, GetReceipt.Keys);
        api.Get<Envelope<PlatformInfo>>("/v1/platform", Who.Anybody, GetPlatform.Handle);
        api.Get<Envelope<Health>>("/health", Who.Anybody, GetPlatform.Health);
        if (deployment.Mode is Mode.Sandbox)
            api.Post<ClockRequest, Envelope<ClockResource>>("/v1/sandbox/clock", Who.Anybody, MoveClock.Handle);
    }

    private static void MapEvents(RouteTable api)
    {
        api.Get<Page<WebhookEvent>>("/v1/events", Who.Agent, ListEvents.Handle, "after", "types", "job_id", "wait", "limit");
        api.Stream("/v1/events/stream", Who.Agent, StreamEvents.RunAsync, "after", "types", "job_id");
        api.Post<TestEventRequest, Envelope<TestEvent>>("/v1/events/test", Who.Agent, SendTestEvent.Handle, 201);
        api.Post<CreateWebhookEndpointRequest, Envelope<WebhookEndpointResource>>("/v1/webhook-endpoints", Who.Agent, CreateWebhookEndpoint.Handle, 201);
        api.Get<Page<WebhookEndpointResource>>("/v1/webhook-endpoints", Who.Agent, ReadWebhookEndpoints.List);
        api.Get<Envelope<WebhookEndpointResource>>("/v1/webhook-endpoints/{id}", Who.Agent, ReadWebhookEndpoints.One);
        api.Patch<UpdateWebhookEndpointRequest, Envelope<WebhookEndpointResource>>("/v1/webhook-endpoints/{id}", Who.Agent, ChangeWebhookEndpoint.Update);
        api.Delete<Envelope<RemovedWebhookEndpoint>>("/v1/webhook-endpoints/{id}", Who.Agent, ChangeWebhookEndpoint.Remove);
        api.Post<Envelope<WebhookEndpointResource>>("/v1/webhook-endpoints/{id}/rotate-secret", Who.Agent, ChangeWebhookEndpoint.RotateSecret);
        api.Post<Envelope<WebhookPing>>("/v1/webhook-endpoints/{id}/ping", Who.Agent, PingWebhookEndpoint.Handle);
        api.Get<Page<DeliveryResource>>("/v1/webhook-endpoints/{id}/deliveries", Who.Agent, ListDeliveries.Handle, "outcome", "limit", "cursor");
        api.Post<ReplayRequest, Envelope<ReplayResult>>("/v1/webhook-endpoints/{id}/replay", Who.Agent, ReplayDeliveries.Handle);
    }
}
