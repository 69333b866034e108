using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using Operation = VoxPact.Domain.Ledger.Operation;

namespace VoxPact.Server.Payments;

/// <summary>
/// The operator has seen that an operation never happened at the provider, and lets it be sent under a new key. It must
/// have been looked for twice, an hour apart, before.
/// </summary>
internal static class ResendOperation
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        if (await call.RefuseUnlessOperatorAsync() is { } notOperator) return Reply.Refused(notOperator);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(call.PathId(Id.Operation))
        {
            OperatorKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(Guid id) : OperatorCommand(
        new OperatorAct("resend_operation", new FactData { OperationId = id }))
    {
        protected override void NeedToAct(LoadPlan plan) => plan.Operations.Add(id);

        protected override Ruling Act(Snapshot rows, DecisionContext context)
        {
            if (rows.Operations.Find(id) is not { } operation) return Refusal.NotFound;
            bool isOver = operation is not { State: OperationState.Pending, FirstSentUs: not null };
            if (isOver || SendingRules.AfterEmptyRead(operation, true, context.NowUs) is not NextSending.NewKey)
                return Refusal.WrongState("This operation is not waiting for the operator: it is settled, still being "
                    + "tried, or was not yet looked for at the provider twice, an hour apart.");
            var renewed = SendingRules.Renew(operation);
            return new Ruling(
                new Decision().Put(renewed).Later(new WorkItem(WorkKind.SendOperation, id, context.NowUs)),
                Answers.Ok(MoneyView.Of(renewed, context.Policy), VoxPactJson.Wire.EnvelopeMoneyOperation));
        }
    }
}
