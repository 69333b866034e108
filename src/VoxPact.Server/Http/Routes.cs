using VoxPact.Client;
using VoxPact.Server.Agents;
using VoxPact.Server.Files;
using VoxPact.Server.Jobs;
using VoxPact.Server.Judging;
using VoxPact.Server.Ledger;
using VoxPact.Server.Letters;
using VoxPact.Server.Operator;
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
        MapOperator(api);
        MapPlatform(api, deployment);
        FileBytes.Map(app, deployment);
        Pages.Map(app, deployment);
        LetterPages.Map(app, deployment);
    }

    private static void MapMarket(RouteTable api)
    {
        api.Post<RegisterAgentRequest, Envelope<RegisteredAgent>>("/v1/agents/register", Who.Newcomer, RegisterAgent.Handle, 201);
        api.Post<TokenRequest, Envelope<AccessToken>>("/v1/agents/auth/token", Who.Anybody, CreateToken.Handle);
        api.Get<Envelope<AgentProfile>>("/v1/agents/me", Who.Read, GetMe.Handle);
        api.Patch<UpdateAgentRequest, Envelope<AgentProfile>>("/v1/agents/me", Who.Manage, UpdateAgent.Handle);
        api.Get<Page<PublicProfile>>("/v1/agents/search", Who.Anybody, SearchAgents.Handle, "q", "capability", "capabilities", "min_trust_score", "max_price", "availability", "limit", "cursor");
        api.Get<Envelope<PublicProfile>>("/v1/agents/{id}", Who.Anybody, GetAgent.Handle);
        api.Post<Envelope<CheckoutPage>>("/v1/agents/me/checkout", Who.Manage, Activation.Handle, 201);
        api.Post<Envelope<RotatedKey>>("/v1/agents/rotate-key", Who.Own, RotateKey.Handle);
        api.Post<Envelope<RotatedKey>>("/v1/agents/me/rotate-key", Who.Own, RotateKey.Handle);

        api.Get<Page<ExportedRow>>("/v1/agents/me/export", Who.Own, ExportData.Handle, "limit", "cursor");
        api.Delete<Envelope<DeletedAgent>>("/v1/agents/me", Who.Own, DeleteAgent.Handle);
        api.Post<ConfirmEmailRequest, Envelope<LetterSent>>("/v1/agents/me/confirm-email", Who.Own, ConfirmEmail.Handle, 202);
        api.Post<RecoverKeyRequest, Envelope<LetterSent>>("/v1/agents/recover", Who.Anybody, RecoverKey.Handle, 202);

        api.Post<CreateKeyRequest, Envelope<KeyResource>>("/v1/keys", Who.Own, CreateKey.Handle, 201);
        api.Get<Page<KeyResource>>("/v1/keys", Who.Manage, ListKeys.Handle);
        api.Delete<Envelope<RevokedKeys>>("/v1/keys", Who.Manage, RevokeKeys.All);
        api.Patch<UpdateKeyRequest, Envelope<KeyResource>>("/v1/keys/{id}", Who.Own, UpdateKey.Handle);
        api.Delete<Envelope<RevokedKeys>>("/v1/keys/{id}", Who.Manage, RevokeKeys.One);
        api.Get<Page<ApprovalResource>>("/v1/approvals", Who.Manage, ListKeys.Approvals);
        api.Post<Envelope<ApprovalResource>>("/v1/approvals/{id}/approve", Who.Manage, DecideApproval.Approve);
        api.Post<Envelope<ApprovalResource>>("/v1/approvals/{id}/refuse", Who.Manage, DecideApproval.Refuse);

        api.Post<PostJobRequest, Envelope<JobResource>>("/v1/jobs", Who.Hire, PostJob.Handle, 201);
        api.Post<PostJobsRequest, Envelope<PostedJobs>>("/v1/jobs/batch", Who.Hire, PostJobs.Handle);
        api.Get<Page<JobResource>>("/v1/jobs", Who.Read, ListJobs.Handle, "status", "state", "limit", "cursor");
        api.Get<Page<OpenJob>>("/v1/jobs/open", Who.Anybody, ListOpenJobs.Handle, "capability", "capabilities", "min_budget", "max_budget", "limit", "cursor");
        api.Get<Page<JobResource>>("/v1/jobs/assigned", Who.Read, ListAssignedJobs.Handle, "wait", "limit", "cursor");
        api.Get<Envelope<JobResource>>("/v1/jobs/{id}", Who.Read, GetJob.Handle);
        api.Post<Envelope<JobResource>>("/v1/jobs/{id}/accept", Who.Work, JobSteps.Accept);
        api.Post<DeclineJobRequest, Envelope<JobResource>>("/v1/jobs/{id}/decline", Who.Work, JobSteps.Decline);
        api.Post<SubmitRequest, Envelope<JobResource>>("/v1/jobs/{id}/submit", Who.Work, SubmitJob.Handle);
        api.Post<SubmitRequest, Envelope<JobResource>>("/v1/jobs/{id}/deliver", Who.Work, DeliverJob.Handle);
        api.Get<Envelope<SignedReceipt>>("/v1/jobs/{id}/receipt", Who.Read, GetReceipt.Handle);
        api.Get<Page<SubmissionResource>>("/v1/jobs/{id}/submissions", Who.Read, ListSubmissions.Handle);
        api.Get<Page<VerdictResource>>("/v1/jobs/{id}/verdicts", Who.Read, ListVerdicts.Handle);
        api.Post<Envelope<JobResource>>("/v1/jobs/{id}/approve", Who.Hire, JobSteps.Approve);
        api.Post<RequestRevisionRequest, Envelope<JobResource>>("/v1/jobs/{id}/request-revision", Who.Hire, JobSteps.RequestRevision);
        api.Post<RequestRevisionRequest, Envelope<JobResource>>("/v1/jobs/{id}/revision", Who.Hire, JobSteps.RequestRevision);
        api.Post<CancelJobRequest, Envelope<JobResource>>("/v1/jobs/{id}/cancel", Who.Party, JobSteps.Cancel);
        api.Post<DisputeJobRequest, Envelope<JobResource>>("/v1/jobs/{id}/dispute", Who.Party, JobSteps.Dispute);
        api.Post<Envelope<JobResource>>("/v1/jobs/{id}/concede", Who.Work, JobSteps.Concede);
        api.Post<EvidenceRequest, Envelope<EvidenceResource>>("/v1/jobs/{id}/evidence", Who.Party, DisputeEvidence.Add, 201);
        api.Get<Page<EvidenceResource>>("/v1/jobs/{id}/evidence", Who.Read, DisputeEvidence.List);
        api.Post<AppealRequest, Envelope<JobResource>>("/v1/jobs/{id}/appeal", Who.Party, JobSteps.Appeal);
        api.Post<CounterOfferRequest, Envelope<JobResource>>("/v1/jobs/{id}/counter-offer", Who.Work, CounterOffers.Make);
        api.Delete<Envelope<JobResource>>("/v1/jobs/{id}/counter-offer", Who.Work, CounterOffers.Withdraw);
        api.Post<AcceptCounterOfferRequest, Envelope<JobResource>>("/v1/jobs/{id}/counter-offer/accept", Who.Hire, AcceptCounterOffer.Handle);
        api.Post<Envelope<JobResource>>("/v1/jobs/{id}/counter-offer/decline", Who.Hire, CounterOffers.Decline);
        api.Post<BonusRequest, Envelope<MoneyOperation>>("/v1/jobs/{id}/bonus", Who.Hire, AddBonus.Handle, 201);
        api.Post<BidRequest, Envelope<BidResource>>("/v1/jobs/{id}/bid", Who.Work, PlaceBid.Handle, 201);
        api.Post<BidRequest, Envelope<BidResource>>("/v1/jobs/{id}/bids", Who.Work, PlaceBid.Handle, 201);
        api.Get<Page<BidResource>>("/v1/jobs/{id}/bids", Who.Read, ListBids.Handle);
        api.Get<Page<BidResource>>("/v1/bids", Who.Read, ListBids.Own, "limit", "cursor");
        api.Patch<BidRequest, Envelope<BidResource>>("/v1/jobs/{id}/bids/{bid}", Who.Work, ChangeBid.Handle);
        api.Delete<Envelope<BidResource>>("/v1/jobs/{id}/bids/{bid}", Who.Work, ChangeBid.Withdraw);
        api.Post<AcceptBidRequest, Envelope<JobResource>>("/v1/jobs/{id}/bids/{bid}/accept", Who.Hire, AcceptBid.Handle);
        api.Post<MessageRequest, Envelope<MessageResource>>("/v1/jobs/{id}/messages", Who.Party, Messages.Send, 201);
        api.Get<Page<MessageResource>>("/v1/jobs/{id}/messages", Who.Read, Messages.List, "limit", "cursor");
        api.Post<UploadRequest, Envelope<UploadTicket>>("/v1/jobs/{id}/files/upload-url", Who.Party, JobFiles.Announce, 201);
        api.Post<Envelope<FileResource>>("/v1/jobs/{id}/files/{file}/confirm", Who.Party, JobFiles.Confirm);
        api.Get<Page<FileResource>>("/v1/jobs/{id}/files", Who.Read, JobFiles.List);
        api.Get<Envelope<DownloadTicket>>("/v1/jobs/{id}/files/{file}/download-url", Who.Read, JobFiles.Download);
        api.Post<ReviewRequest, Envelope<ReviewResource>>("/v1/jobs/{id}/review", Who.Party, ReviewJob.Handle, 201);
    }

    private static void MapMoney(RouteTable api)
    {
        api.Post<SetupIntentCreated>("/v1/payment-methods/setup", Who.Manage, SetupPaymentMethod.Handle);
        api.Get<Page<PaymentMethodResource>>("/v1/payment-methods", Who.Read, ListPaymentMethods.Handle);
        api.Delete<Envelope<RemovedPaymentMethod>>("/v1/payment-methods/{id}", Who.Manage, RemovePaymentMethod.Handle);
        api.Post<TopUpRequest, Envelope<MoneyOperation>>("/v1/balance/top-up", Who.Manage, TopUpBalance.Handle, 202);
        api.Post<WithdrawRequest, Envelope<WithdrawalResource>>("/v1/balance/withdraw", Who.Manage, WithdrawBalance.Handle, 202);
        api.Get<Envelope<MoneyOperation>>("/v1/operations/{id}", Who.Read, GetOperation.Handle);
        api.Post<OnboardingPage>("/v1/connect/onboard", Who.Manage, Connect.Onboard);
        api.Post<PayoutRequest, Envelope<PayoutResource>>("/v1/payouts", Who.Manage, RequestPayout.Handle, 201);
        api.Get<Page<PayoutResource>>("/v1/payouts", Who.Read, RequestPayout.List, "limit", "cursor");
        api.Get<Envelope<Dashboard>>("/v1/dashboard", Who.Read, GetDashboard.Handle);
        api.Get<ConnectStatus>("/v1/connect/status", Who.Read, Connect.Status);
        api.Get<Envelope<BalanceResource>>("/v1/balance", Who.Read, GetBalance.Handle);
        api.Get<Page<Transaction>>("/v1/transactions", Who.Read, ListTransactions.Handle, "job", "kind", "limit", "cursor");
    }

    private static void MapOperator(RouteTable api)
    {
        api.Post<ResolveDisputeRequest, Envelope<JobResource>>("/v1/operator/jobs/{id}/resolve", Who.Operator, ResolveDispute.Handle);
        api.Get<Page<EvidenceResource>>("/v1/operator/jobs/{id}/evidence", Who.Operator, DisputeEvidence.Read);
        api.Get<Envelope<RecommendationResource>>("/v1/operator/jobs/{id}/recommendation", Who.Operator, GetRecommendation.Handle);
        api.Get<Envelope<PayoutsState>>("/v1/operator/payouts", Who.Operator, ControlPayouts.Look);
        api.Post<PausePayoutsRequest, Envelope<PayoutsState>>("/v1/operator/payouts/pause", Who.Operator, ControlPayouts.Pause);
        api.Post<Envelope<PayoutsState>>("/v1/operator/payouts/resume", Who.Operator, ControlPayouts.Resume);
        api.Post<Envelope<MoneyOperation>>("/v1/operator/operations/{id}/resend", Who.Operator, ResendOperation.Handle);
        api.Post<WriteOffRequest, Envelope<MoneyOperation>>("/v1/operator/owners/{id}/write-off", Who.Operator, WriteOffDebt.Handle, 201);
        api.Post<AdoptRequest, Envelope<MoneyOperation>>("/v1/operator/adopt", Who.Operator, AdoptPayment.Handle, 201);
        api.Post<CapitalRequest, Envelope<MoneyOperation>>("/v1/operator/capital", Who.Operator, MoveCapital.Handle, 201);
        api.Get<Envelope<CheckReport>>("/v1/operator/check", Who.Operator, CheckLedger.Handle, "scope");
        api.Get<Page<DisputeResource>>("/v1/operator/disputes", Who.Operator, ListDisputes.Handle, "limit", "cursor");
        api.Get<Envelope<JobHistory>>("/v1/operator/jobs/{id}", Who.Operator, InspectJob.Handle);
        api.Get<Envelope<InspectedAgent>>("/v1/operator/agents/{id}", Who.Operator, InspectAgent.Handle);
        api.Post<StandingRequest, Envelope<AgentStanding>>("/v1/operator/agents/{id}/suspend", Who.Operator, ControlAgents.Suspend);
        api.Post<StandingRequest, Envelope<AgentStanding>>("/v1/operator/agents/{id}/reinstate", Who.Operator, ControlAgents.Reinstate);
        api.Get<Envelope<OperatorTotals>>("/v1/operator/totals", Who.Operator, GetTotals.Handle);
        api.Get<Page<OperatorLogLine>>("/v1/operator/audit", Who.Operator, ListOperatorActs.Handle, "limit", "cursor");
        api.Post<Envelope<RotatedKey>>("/v1/operator/rotate-key", Who.Operator, RotateOperatorKey.Handle);
    }

    private static void MapPlatform(RouteTable api, Deployment deployment)
    {
        api.Get<ReceiptKeys>("/.well-known/voxpact-keys.json", Who.Anybody, GetReceipt.Keys);
        api.Get<Envelope<PlatformInfo>>("/v1/platform", Who.Anybody, GetPlatform.Handle);
        api.Get<Envelope<Health>>("/health", Who.Anybody, GetPlatform.Health);
        if (deployment.Mode is Mode.Sandbox)
            api.Post<ClockRequest, Envelope<ClockResource>>("/v1/sandbox/clock", Who.Anybody, MoveClock.Handle);
    }

    private static void MapEvents(RouteTable api)
    {
        api.Get<Page<WebhookEvent>>("/v1/events", Who.Read, ListEvents.Handle, "after", "types", "job_id", "wait", "limit");
        api.Stream("/v1/events/stream", Who.Read, StreamEvents.RunAsync, "after", "types", "job_id");
        api.Post<TestEventRequest, Envelope<TestEvent>>("/v1/events/test", Who.Manage, SendTestEvent.Handle, 201);
        api.Post<CreateWebhookEndpointRequest, Envelope<WebhookEndpointResource>>("/v1/webhook-endpoints", Who.Manage, CreateWebhookEndpoint.Handle, 201);
        api.Get<Page<WebhookEndpointResource>>("/v1/webhook-endpoints", Who.Read, ReadWebhookEndpoints.List);
        api.Get<Envelope<WebhookEndpointResource>>("/v1/webhook-endpoints/{id}", Who.Read, ReadWebhookEndpoints.One);
        api.Patch<UpdateWebhookEndpointRequest, Envelope<WebhookEndpointResource>>("/v1/webhook-endpoints/{id}", Who.Manage, ChangeWebhookEndpoint.Update);
        api.Delete<Envelope<RemovedWebhookEndpoint>>("/v1/webhook-endpoints/{id}", Who.Manage, ChangeWebhookEndpoint.Remove);
        api.Post<Envelope<WebhookEndpointResource>>("/v1/webhook-endpoints/{id}/rotate-secret", Who.Manage, ChangeWebhookEndpoint.RotateSecret);
        api.Post<Envelope<WebhookPing>>("/v1/webhook-endpoints/{id}/ping", Who.Manage, PingWebhookEndpoint.Handle);
        api.Get<Page<DeliveryResource>>("/v1/webhook-endpoints/{id}/deliveries", Who.Read, ListDeliveries.Handle, "outcome", "limit", "cursor");
        api.Post<ReplayRequest, Envelope<ReplayResult>>("/v1/webhook-endpoints/{id}/replay", Who.Manage, ReplayDeliveries.Handle);
    }
}
