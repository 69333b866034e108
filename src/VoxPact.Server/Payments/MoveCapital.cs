using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using Operation = VoxPact.Domain.Ledger.Operation;

namespace VoxPact.Server.Payments;

/// <summary>The operator books money of their own that they put into Stripe's balance or took out of it.</summary>
internal static class MoveCapital
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.CapitalRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string direction = errors.OneOf("direction", request!.Direction, "add", "take");
        var amount = errors.Amount(
            "amount", request.Amount, call.Deployment.Policy with { MaxAmount = Limits.MostMoney });
        string reason = errors.Text("reason", request.Reason, Limits.ReasonChars);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        if (await call.RefuseUnlessOperatorAsync() is { } notOperator) return Reply.Refused(notOperator);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(new Operation
        {
            Id = Id.New(call.Deployment.Clock.NowUs),
            Kind = direction == "add" ? OperationKind.CapitalAdded : OperationKind.CapitalTaken,
            OwnerId = Guid.Empty,
            Amount = amount,
            Body = JsonSerializer.Serialize(reason),
            State = OperationState.Done,
            CreatedUs = 0,
        }, reason)
        {
            OperatorKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(Operation draft, string reason) : OperatorCommand(
        new OperatorAct("move_capital", new FactData { OperationId = draft.Id }, reason))
    {
        protected override Ruling Act(Snapshot rows, DecisionContext context)
        {
            var moved = draft with { CreatedUs = context.NowUs, SettledUs = context.NowUs };
            bool isAdded = moved.Kind is OperationKind.CapitalAdded;
            var decision = new Decision().Add(moved)
                .Move(Movements.Capital(moved.Id, moved.Amount, isAdded, context.NowUs))
                .Tell(new Fact(FactType.CapitalMoved, moved.Id, 1, context.NowUs, new FactData
                {
                    OperationId = moved.Id,
                    AmountMinor = moved.Amount.Minor,
                    Reason = Operation.Word(moved.Kind),
                    By = "operator",
                }, []));
            return new Ruling(decision, Answers.Created(
                MoneyView.Of(moved, context.Policy), VoxPactJson.Wire.EnvelopeMoneyOperation));
        }
    }
}
