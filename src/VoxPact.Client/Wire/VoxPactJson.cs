using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// The JSON of the API: snake case, case-sensitive, duplicate members refused, nulls left out unless a member
/// says otherwise. Request records refuse members that they do not know; answers may gain members at any
/// time.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = false,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    MaxDepth = MaxDepth,
    Converters = [typeof(AmountConverter), typeof(TimeConverter)])]
[JsonSerializable(typeof(RegisterAgentRequest))]
[JsonSerializable(typeof(UpdateAgentRequest))]
[JsonSerializable(typeof(PostJobRequest))]
[JsonSerializable(typeof(PostJobsRequest))]
[JsonSerializable(typeof(PostJobsBody))]
[JsonSerializable(typeof(Envelope<PostedJobs>))]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(RequestRevisionRequest))]
[JsonSerializable(typeof(CancelJobRequest))]
[JsonSerializable(typeof(DeclineJobRequest))]
[JsonSerializable(typeof(EmptyRequest))]
[JsonSerializable(typeof(DisputeJobRequest))]
[JsonSerializable(typeof(ResolveDisputeRequest))]
[JsonSerializable(typeof(BidRequest))]
[JsonSerializable(typeof(CounterOfferRequest))]
[JsonSerializable(typeof(AcceptCounterOfferRequest))]
[JsonSerializable(typeof(EvidenceRequest))]
[JsonSerializable(typeof(AppealRequest))]
[JsonSerializable(typeof(Envelope<EvidenceResource>))]
[JsonSerializable(typeof(Page<EvidenceResource>))]
[JsonSerializable(typeof(AcceptBidRequest))]
[JsonSerializable(typeof(ClockRequest))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(MessageRequest))]
[JsonSerializable(typeof(UploadRequest))]
[JsonSerializable(typeof(PayoutRequest))]
[JsonSerializable(typeof(Envelope<UploadTicket>))]
[JsonSerializable(typeof(Envelope<FileResource>))]
[JsonSerializable(typeof(Envelope<DownloadTicket>))]
[JsonSerializable(typeof(Envelope<PayoutResource>))]
[JsonSerializable(typeof(Envelope<Dashboard>))]
[JsonSerializable(typeof(Page<FileResource>))]
[JsonSerializable(typeof(Page<PayoutResource>))]
[JsonSerializable(typeof(ReviewRequest))]
[JsonSerializable(typeof(Envelope<PublicProfile>))]
[JsonSerializable(typeof(Page<PublicProfile>))]
[JsonSerializable(typeof(Envelope<MessageResource>))]
[JsonSerializable(typeof(Page<MessageResource>))]
[JsonSerializable(typeof(Envelope<ReviewResource>))]
[JsonSerializable(typeof(Envelope<AccessToken>))]
[JsonSerializable(typeof(TopUpRequest))]
[JsonSerializable(typeof(WithdrawRequest))]
[JsonSerializable(typeof(BonusRequest))]
[JsonSerializable(typeof(PausePayoutsRequest))]
[JsonSerializable(typeof(WriteOffRequest))]
[JsonSerializable(typeof(CapitalRequest))]
[JsonSerializable(typeof(AdoptRequest))]
[JsonSerializable(typeof(Envelope<MoneyOperation>))]
[JsonSerializable(typeof(Envelope<WithdrawalResource>))]
[JsonSerializable(typeof(Envelope<PayoutsState>))]
[JsonSerializable(typeof(StandingRequest))]
[JsonSerializable(typeof(Envelope<AgentStanding>))]
[JsonSerializable(typeof(Envelope<InspectedAgent>))]
[JsonSerializable(typeof(Envelope<JobHistory>))]
[JsonSerializable(typeof(Envelope<OperatorTotals>))]
[JsonSerializable(typeof(Page<DisputeResource>))]
[JsonSerializable(typeof(Page<OperatorLogLine>))]
[JsonSerializable(typeof(Envelope<RegisteredAgent>))]
[JsonSerializable(typeof(Envelope<AgentProfile>))]
[JsonSerializable(typeof(Envelope<RotatedKey>))]
[JsonSerializable(typeof(Envelope<CheckoutPage>))]
[JsonSerializable(typeof(Envelope<JobResource>))]
[JsonSerializable(typeof(Envelope<OpenJob>))]
[JsonSerializable(typeof(Envelope<BidResource>))]
[JsonSerializable(typeof(Envelope<SubmissionResource>))]
[JsonSerializable(typeof(Envelope<RemovedPaymentMethod>))]
[JsonSerializable(typeof(Envelope<PlatformInfo>))]
[JsonSerializable(typeof(Envelope<Health>))]
[JsonSerializable(typeof(Envelope<ClockResource>))]
[JsonSerializable(typeof(Envelope<CheckReport>))]
[JsonSerializable(typeof(Envelope<BalanceResource>))]
[JsonSerializable(typeof(Envelope<SignedReceipt>))]
[JsonSerializable(typeof(ReceiptKeys))]
[JsonSerializable(typeof(Page<Transaction>))]
[JsonSerializable(typeof(Page<JobResource>))]
[JsonSerializable(typeof(Page<OpenJob>))]
[JsonSerializable(typeof(Page<BidResource>))]
[JsonSerializable(typeof(Page<SubmissionResource>))]
[JsonSerializable(typeof(Page<VerdictResource>))]
[JsonSerializable(typeof(Envelope<RecommendationResource>))]
[JsonSerializable(typeof(Page<PaymentMethodResource>))]
[JsonSerializable(typeof(SetupIntentCreated))]
[JsonSerializable(typeof(OnboardingPage))]
[JsonSerializable(typeof(ConnectStatus))]
[JsonSerializable(typeof(CreateWebhookEndpointRequest))]
[JsonSerializable(typeof(UpdateWebhookEndpointRequest))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(TestEventRequest))]
[JsonSerializable(typeof(Envelope<WebhookEndpointResource>))]
[JsonSerializable(typeof(Envelope<RemovedWebhookEndpoint>))]
[JsonSerializable(typeof(Envelope<WebhookPing>))]
[JsonSerializable(typeof(Envelope<ReplayResult>))]
[JsonSerializable(typeof(Envelope<TestEvent>))]
[JsonSerializable(typeof(Page<WebhookEndpointResource>))]
[JsonSerializable(typeof(Page<DeliveryResource>))]
[JsonSerializable(typeof(Page<WebhookEvent>))]
[JsonSerializable(typeof(Page<ExportedRow>))]
[JsonSerializable(typeof(Envelope<DeletedAgent>))]
[JsonSerializable(typeof(ConfirmEmailRequest))]
[JsonSerializable(typeof(RecoverKeyRequest))]
[JsonSerializable(typeof(Envelope<LetterSent>))]
[JsonSerializable(typeof(CreateKeyRequest))]
[JsonSerializable(typeof(UpdateKeyRequest))]
[JsonSerializable(typeof(Envelope<KeyResource>))]
[JsonSerializable(typeof(Envelope<RevokedKeys>))]
[JsonSerializable(typeof(Envelope<ApprovalResource>))]
[JsonSerializable(typeof(Page<KeyResource>))]
[JsonSerializable(typeof(Page<ApprovalResource>))]
[JsonSerializable(typeof(DateTimeOffset?))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(WebhookEvent))]
[JsonSerializable(typeof(VerdictResource))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonElement?))]
[JsonSerializable(typeof(decimal?))]
[JsonSerializable(typeof(string))]
public sealed partial class VoxPactJson : JsonSerializerContext
{
    /// <summary>The deepest nesting that is read or written.</summary>
    public const int MaxDepth = 32;

    /// <summary>
    /// The context to write answers and requests with: text stays readable, since JSON here is never pasted
    /// into HTML.
    /// </summary>
    public static VoxPactJson Wire => field ??= new VoxPactJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
