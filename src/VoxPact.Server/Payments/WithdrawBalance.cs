using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using Operation = VoxPact.Domain.Ledger.Operation;

namespace VoxPact.Server.Payments;

/// <summary>Sends balance back to the cards it came from, one refund for each charge that it takes.</summary>
internal static class WithdrawBalance
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.WithdrawRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        Money? amount = request?.Amount is { } given
            ? errors.Amount("amount", given, call.Deployment.Policy with { MaxAmount = Limits.MostMoney })
            : null;
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var (_, charges, unknown) = await call.QueryAsync(OperationQueries.RefundableOfKey(call.CallerKey));
        if (unknown is not null) return Reply.Refused(unknown);
        return await call.RunAsync(new Command(amount, charges, Id.New(call.Deployment.Clock.NowUs))
        { CallerKey = call.CallerKey, Idempotency = claim });
    }

    private sealed class Command(Money? amount, IReadOnlyList<Guid> charges, Guid id) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.OwnersOfCallers.Add(CallerKey!);
            foreach (var charge in charges) plan.Operations.Add(charge);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var owner = rows.Owners.Find(context.Caller.OwnerId)!;
            var own = charges.Select(charge => rows.Operations.Find(charge)).OfType<Operation>().ToList();
            var outcome = Withdrawals.Start(owner, amount, own, id, new JobContext(context.NowUs, context.Policy));
            if (outcome.Refusal is { } refusal) return refusal;
            var refunds = outcome.Decision!.Rows.Select(row => row.Value).OfType<Operation>()
                .Where(one => one.Kind is OperationKind.Refund).ToList();
            var sum = refunds.Aggregate(Money.Zero, (total, refund) => total + refund.Amount);
            return new Ruling(outcome.Decision!, Answers.Accepted(new WithdrawalResource
            {
                Id = Id.Format(Id.Operation, id),
                Amount = sum.ToDecimal(context.Policy.CurrencyDecimals),
                Refunds = [.. refunds.Select(refund => MoneyView.Of(refund, context.Policy))],
            }, VoxPactJson.Wire.EnvelopeWithdrawalResource));
        }
    }
}
