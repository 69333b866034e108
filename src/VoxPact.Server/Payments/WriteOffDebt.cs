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

/// <summary>The operator gives up what an owner owes after a chargeback: it becomes a loss.</summary>
internal static class WriteOffDebt
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.WriteOffRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        Money? amount = request!.Amount is { } given
            ? errors.Amount("amount", given, call.Deployment.Policy with { MaxAmount = Limits.MostMoney })
            : null;
        string reason = errors.Text("reason", request.Reason, Limits.ReasonChars);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        if (await call.RefuseUnlessOperatorAsync() is { } notOperator) return Reply.Refused(notOperator);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var owner = call.PathId(Id.Owner);
        var agents = await call.Deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(owner), call.Aborted);
        return await call.RunAsync(
            new Command(owner, amount, reason, agents, Id.New(call.Deployment.Clock.NowUs))
            {
                OperatorKey = call.CallerKey,
                Idempotency = claim,
            });
    }

    private sealed class Command(
        Guid ownerId, Money? amount, string reason, IReadOnlyList<Guid> agents, Guid id) : OperatorCommand(
            new OperatorAct("write_off_debt", new FactData { OwnerId = ownerId, OperationId = id }, reason))
    {
        protected override void NeedToAct(LoadPlan plan) => plan.Owners.Add(ownerId);

        protected override Ruling Act(Snapshot rows, DecisionContext context)
        {
            if (rows.Owners.Find(ownerId) is not { } owner) return Refusal.NotFound;
            if (owner.Receivable == Money.Zero) return Refusal.WrongState("This owner owes nothing.");
            var given = amount ?? owner.Receivable;
            if (given > owner.Receivable)
                return Refusal.Invalid("amount", $"This owner owes {context.Policy.Show(owner.Receivable)}.");
            var loss = new Operation
            {
                Id = id,
                Kind = OperationKind.WriteOff,
                OwnerId = ownerId,
                Amount = given,
                Body = JsonSerializer.Serialize(reason),
                State = OperationState.Done,
                CreatedUs = context.NowUs,
                SettledUs = context.NowUs,
            };
            var decision = new Decision().Add(loss)
                .Move(Movements.WriteOff(id, ownerId, given, context.NowUs))
                .Tell(new Fact(FactType.DebtWrittenOff, id, 1, context.NowUs,
                    new FactData { OperationId = id, AmountMinor = given.Minor, By = "operator" }, agents));
            return new Ruling(decision, Answers.Created(
                MoneyView.Of(loss, context.Policy), VoxPactJson.Wire.EnvelopeMoneyOperation));
        }
    }
}
