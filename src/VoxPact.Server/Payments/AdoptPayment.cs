using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using Operation = VoxPact.Domain.Ledger.Operation;

namespace VoxPact.Server.Payments;

/// <summary>
/// The operator enters in the books what the provider executed and they do not know. What it is, whose and how much
/// is read at the provider; nothing of it is taken from the request.
/// </summary>
internal static class AdoptPayment
{
    public const int IdChars = 255;

    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.AdoptRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string id = errors.Text("id", request!.Id, IdChars);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        if (await call.RefuseUnlessOperatorAsync() is { } notOperator) return Reply.Refused(notOperator);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var deployment = call.Deployment;
        if (await FindAsync(deployment, id, call.Aborted) is not { } found)
            return Reply.Refused(Refusal.WrongState(
                $"Stripe shows nothing that could be adopted as {id}: name a charge that succeeded (pi_…), a "
                + "transfer (tr_…) or a refund that succeeded (re_…)."));
        var known = await deployment.Store.QueryAsync(OwnerQueries.One(found.OwnerId), call.Aborted);
        if (Mismatch(found, known.FirstOrDefault(), deployment.Policy) is { } mismatch)
            return Reply.Refused(Refusal.WrongState(mismatch));
        var agents = await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(found.OwnerId), call.Aborted);
        var reply = await call.RunAsync(
            new Command(found, agents) { OperatorKey = call.CallerKey, Idempotency = claim });
        if (reply.Refusal is null) await HearOfWhatFollowedAsync(deployment, found, call.Aborted);
        return reply;
    }

    /// <summary>Something at the provider, as the operation that it would have been.</summary>
    /// <param name="Op">The name in its metadata; null when it names none.</param>
    /// <param name="Charge">The operation of the charge that a refund is a part of.</param>
    private sealed record Found(
        Operation Operation, string? Op, string Currency, string? Customer, string? Destination, Guid? Charge)
    {
        public Guid OwnerId => Operation.OwnerId;
    }

    private static async Task<Found?> FindAsync(Deployment deployment, string id, CancellationToken stop) =>
        id.Split('_')[0] switch
        {
            "pi" => await ChargeAsync(deployment, id, stop),
            "tr" => await TransferAsync(deployment, id, stop),
            "re" => await RefundAsync(deployment, id, stop),
            _ => null,
        };

    private static async Task<Found?> ChargeAsync(Deployment deployment, string id, CancellationToken stop)
    {
        if (await deployment.Stripe.GetChargeAsync(id, stop) is not { Outcome: ProviderOutcome.Succeeded } charge)
            return null;
        bool isFee = charge.Op?.StartsWith("activation_fee:", StringComparison.Ordinal) is true;
        var owner = OwnerIn(charge.Metadata)
            ?? (await deployment.Store.QueryAsync(OwnerQueries.IdOfCustomer(charge.Customer ?? ""), stop))
                .FirstOrDefault();
        Id.TryParse(Id.Agent, charge.Metadata.GetValueOrDefault("agent"), out var agent);
        string body = isFee
            ? JsonSerializer.Serialize(new ActivationBody(agent, charge.Customer ?? "", ""))
            : JsonSerializer.Serialize(new ChargeBody(
                charge.AmountMinor, charge.Currency, charge.Customer ?? "", "", charge.Metadata));
        var operation = Of(isFee ? OperationKind.ActivationFee : OperationKind.Charge, owner, charge.Op, id,
            charge.AmountMinor, charge.Created, body);
        return new Found(operation, charge.Op, charge.Currency, charge.Customer, null, null);
    }

    private static async Task<Found?> TransferAsync(Deployment deployment, string id, CancellationToken stop)
    {
        if (await deployment.Stripe.GetTransferAsync(id, stop) is not { } transfer) return null;
        var owner = OwnerIn(transfer.Metadata)
            ?? (await deployment.Store.QueryAsync(OwnerQueries.IdOfAccount(transfer.Destination), stop))
                .FirstOrDefault();
        var body = new TransferBody(transfer.AmountMinor, transfer.Currency, transfer.Destination,
            transfer.TransferGroup ?? "", transfer.Metadata);
        var operation = Of(OperationKind.Transfer, owner, transfer.Op, id, transfer.AmountMinor, transfer.Created,
            JsonSerializer.Serialize(body));
        return new Found(operation, transfer.Op, transfer.Currency, null, transfer.Destination, null);
    }

    private static async Task<Found?> RefundAsync(Deployment deployment, string id, CancellationToken stop)
    {
        if (await deployment.Stripe.GetRefundAsync(id, stop)
            is not { Outcome: ProviderOutcome.Succeeded, PaymentIntent: { } paid } refund
            || await deployment.Stripe.GetChargeAsync(paid, stop) is not { } charge) return null;
        var known = await Operations.FindBehindAsync(deployment, charge.Op, charge.Id, stop);
        var body = new RefundBody(refund.AmountMinor, paid, known?.Id ?? Guid.Empty, refund.Metadata);
        var operation = Of(OperationKind.Refund, known?.OwnerId ?? Guid.Empty, refund.Op, id, refund.AmountMinor,
            refund.Created, JsonSerializer.Serialize(body));
        return new Found(operation, refund.Op, refund.Currency, null, null, known?.Id ?? Guid.Empty);
    }

    private static Operation Of(
        OperationKind kind, Guid owner, string? op, string providerId, long amountMinor, DateTimeOffset created,
        string body) => new()
        {
            Id = Operation.IdBehind(op, providerId),
            Kind = kind,
            OwnerId = owner,
            Amount = new Money(amountMinor),
            Body = body,
            State = OperationState.Done,
            ProviderId = providerId,
            CreatedUs = (created - DateTimeOffset.UnixEpoch).Ticks / 10,
        };

    private static Guid? OwnerIn(IReadOnlyDictionary<string, string> metadata) =>
        Id.TryParse(Id.Owner, metadata.GetValueOrDefault("owner"), out var owner) ? owner : null;

    /// <summary>Why it cannot be entered as it is; null when it fits.</summary>
    private static string? Mismatch(Found found, Domain.Agents.Owner? owner, Policy policy)
    {
        var operation = found.Operation;
        if (found.Op is { } name && name != operation.Name)
            return $"Its metadata name {name}, which is no {Operation.Word(operation.Kind)} of this server.";
        if (found.Currency != policy.Currency)
            return $"It is in {found.Currency}, and these books are kept in {policy.Currency}.";
        if (found.Charge == Guid.Empty)
            return "The charge that it is a part of is not in the books: adopt that first.";
        if (owner is null)
            return "Nobody here is its owner, so it is nobody's money in these books: give it back at Stripe, or book "
                + "it as capital.";
        if (found.Customer is { } customer && customer != owner.CustomerId)
            return $"It charged {customer}, who is not the customer of its owner.";
        if (found.Destination is { } account && owner.AccountId is { } own && account != own)
            return $"It went to {account}, which is not the account of its owner.";
        return null;
    }

    /// <summary>What happened to it afterwards was heard of when nobody here knew it.</summary>
    private static async Task HearOfWhatFollowedAsync(Deployment deployment, Found found, CancellationToken stop)
    {
        var (kind, id) = (found.Operation.Kind, found.Operation.ProviderId!);
        if (kind is OperationKind.Transfer) await HearOf.TransferAsync(deployment, id, stop);
        if (kind is not OperationKind.Charge) return;
        var since = DateTimeOffset.UnixEpoch.AddTicks(found.Operation.CreatedUs * 10);
        await foreach (var dispute in deployment.Stripe.ListDisputesAsync(since, stop))
            if (dispute.PaymentIntent == id) await HearOf.DisputeAsync(deployment, dispute.Id, stop);
    }

    private sealed class Command(Found found, IReadOnlyList<Guid> agents) : OperatorCommand(
        new OperatorAct("adopt_payment", new FactData { OperationId = found.Operation.Id }))
    {
        protected override void NeedToAct(LoadPlan plan)
        {
            plan.Operations.Add(found.Operation.Id);
            if (found.Charge is { } charge) plan.Operations.Add(charge);
            plan.Owners.Add(found.OwnerId);
        }

        protected override Ruling Act(Snapshot rows, DecisionContext context)
        {
            if (rows.Operations.Find(found.Operation.Id) is { } known)
                return new Refusal(RefusalCode.AlreadyDone, known.ProviderId == found.Operation.ProviderId
                    ? $"The books know it already, as {known.Name}."
                    : $"The books have {known.Name} with {known.ProviderId ?? "no outcome yet"}: look at both at "
                        + "Stripe.");
            var charge = found.Charge is { } id ? rows.Operations.Find(id) : null;
            var outcome = Adoptions.Enter(found.Operation, rows.Owners.Find(found.OwnerId)!, charge, agents,
                context.Policy, context.NowUs);
            if (outcome.Refusal is { } refusal) return refusal;
            var entered = found.Operation with { SettledUs = context.NowUs };
            return new Ruling(outcome.Decision!, Answers.Created(
                MoneyView.Of(entered, context.Policy), VoxPactJson.Wire.EnvelopeMoneyOperation));
        }
    }
}
