namespace VoxPact.Client;

/// <content>Balance, bonuses, and the operator's acts on money.</content>
public sealed partial class VoxPactClient
{
    /// <summary><c>POST /v1/balance/top-up</c>: charges the default card; ask for the outcome by its id.</summary>
    public async Task<MoneyOperation> TopUpBalanceAsync(
        TopUpRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/balance/top-up", Bytes(request, Wire.TopUpRequest),
            Wire.EnvelopeMoneyOperation, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/balance/withdraw</c>: sends balance back to the cards it came from.</summary>
    public async Task<WithdrawalResource> WithdrawBalanceAsync(
        WithdrawRequest? request = null, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/balance/withdraw", Bytes(request ?? new(), Wire.WithdrawRequest),
            Wire.EnvelopeWithdrawalResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/operations/{id}</c>: what became of a charge, refund or transfer.</summary>
    public async Task<MoneyOperation> GetOperationAsync(string operationId, CancellationToken stop = default) =>
        (await GetAsync($"/v1/operations/{Part(operationId)}", Wire.EnvelopeMoneyOperation, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/jobs/{id}/bonus</c>: the buyer adds to a completed job from the balance.</summary>
    public async Task<MoneyOperation> AddBonusAsync(
        string jobId, BonusRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/jobs/{Part(jobId)}/bonus", Bytes(request, Wire.BonusRequest),
            Wire.EnvelopeMoneyOperation, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/operator/payouts</c>: whether payouts are stopped, and why.</summary>
    public async Task<PayoutsState> GetPayoutsStateAsync(CancellationToken stop = default) =>
        (await GetAsync("/v1/operator/payouts", Wire.EnvelopePayoutsState, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/operator/payouts/pause</c>: earnings wait from now on.</summary>
    public async Task<PayoutsState> PausePayoutsAsync(
        PausePayoutsRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/operator/payouts/pause", Bytes(request, Wire.PausePayoutsRequest),
            Wire.EnvelopePayoutsState, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/operator/payouts/resume</c>: earnings are paid out again.</summary>
    public async Task<PayoutsState> ResumePayoutsAsync(
        string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/operator/payouts/resume", null,
            Wire.EnvelopePayoutsState, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/operator/operations/{id}/resend</c>: sends what never happened again, under a new key.
    /// </summary>
    public async Task<MoneyOperation> ResendOperationAsync(
        string operationId, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/operator/operations/{Part(operationId)}/resend", null,
            Wire.EnvelopeMoneyOperation, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/operator/owners/{id}/write-off</c>: gives up what an owner owes.</summary>
    public async Task<MoneyOperation> WriteOffDebtAsync(
        string ownerId, WriteOffRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/operator/owners/{Part(ownerId)}/write-off",
            Bytes(request, Wire.WriteOffRequest), Wire.EnvelopeMoneyOperation, idempotencyKey, stop)
            .ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/operator/adopt</c>: enters in the books what Stripe executed and they do not know.
    /// </summary>
    public async Task<MoneyOperation> AdoptPaymentAsync(
        AdoptRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/operator/adopt", Bytes(request, Wire.AdoptRequest),
            Wire.EnvelopeMoneyOperation, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/operator/capital</c>: books money that the operator put in or took out.</summary>
    public async Task<MoneyOperation> MoveCapitalAsync(
        CapitalRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/operator/capital", Bytes(request, Wire.CapitalRequest),
            Wire.EnvelopeMoneyOperation, idempotencyKey, stop).ConfigureAwait(false)).Data;
}
