using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using Operation = VoxPact.Domain.Ledger.Operation;

namespace VoxPact.Server.Payments;

/// <summary>Charges the default card for balance that later jobs are funded from.</summary>
internal static class TopUpBalance
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.TopUpRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var policy = call.Deployment.Policy;
        var errors = new FieldErrors();
        var amount = errors.Amount("amount", request!.Amount, policy);
        if (errors.Refusal is null && amount < policy.TopUpUnit)
            errors.Add("amount", $"A card is charged at least {policy.Show(policy.TopUpUnit)}.");
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var command = new Command(amount, Id.New(call.Deployment.Clock.NowUs))
        { CallerKey = call.CallerKey, Idempotency = claim };
        var reply = await call.RunAsync(command);
        return reply.Refusal?.Code is RefusalCode.PaymentMethodRequired && await ListPaymentMethods.RefreshAsync(call)
            ? await call.RunAsync(command)
            : reply;
    }

    private sealed class Command(Money amount, Guid id) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.OwnersOfCallers.Add(CallerKey!);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var owner = rows.Owners.Find(context.Caller.OwnerId)!;
            if (owner.DefaultCardId is null)
                return new Refusal(RefusalCode.PaymentMethodRequired,
                    "No payment method can be charged: no card is saved, or it has expired. Save one with "
                    + "POST /v1/payment-methods/setup first.");
            if (owner.TopUpId is not null)
                return Refusal.WrongState(
                    "A charge of this owner is under way already; try again when its outcome is known.");
            var decision = new Decision();
            JobFunding.StartTopUp(
                decision, owner, amount, id, new JobContext(context.NowUs, context.Policy), context.Caller.Id);
            var charge = (Operation)decision.Rows.First(row => row.Value is Operation).Value;
            return new Ruling(decision, Answers.Accepted(
                MoneyView.Of(charge, context.Policy), VoxPactJson.Wire.EnvelopeMoneyOperation));
        }
    }
}
