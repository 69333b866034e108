using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Payments;

/// <summary>Earnings paid out now, beside the automatic batches.</summary>
internal static class RequestPayout
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.PayoutRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        if (request?.AmountCents is { } cents and <= 0)
            return Reply.Refused(Refusal.Invalid("amount_cents", $"amount_cents must be above 0; it is {cents}."));
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var deployment = call.Deployment;
        await Reconcile.EnsureFreshAsync(deployment, call.Aborted);
        long available = await deployment.Stripe.GetAvailableBalanceAsync(deployment.Policy.Currency, call.Aborted);
        return await call.RunAsync(new Command(
            request?.AmountCents, new Money(available), Id.New(deployment.Clock.NowUs))
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    /// <summary><c>GET /v1/payouts</c>: the owner's, newest first.</summary>
    public static async Task<Reply> List(Call call)
    {
        const string filter = "payouts";
        int limit = call.Queries.Limit();
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        var (caller, after, refusal) = await Paging.AfterAsync(call, filter);
        if (refusal is not null) return Reply.Refused(refusal);
        var rows = await call.Deployment.Store.QueryAsync(
            OperationQueries.Payouts(caller!.OwnerId, after, limit + 1), call.Aborted);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit ? call.Deployment.Cursors.Encode(caller.Id, filter, page[^1].Id) : null;
        return Answers.Page([.. page.Select(operation => View(operation, call.Deployment.Policy))], next,
            VoxPactJson.Wire.PagePayoutResource);
    }

    private static PayoutResource View(Domain.Ledger.Operation operation, Policy policy) => new()
    {
        Id = Id.Format(Id.Operation, operation.Id),
        Amount = operation.Amount.ToDecimal(policy.CurrencyDecimals),
        AmountCents = operation.Amount.Minor,
        Currency = policy.Currency,
        Status = operation.State switch
        {
            OperationState.Pending => "pending",
            OperationState.Done => "paid",
            OperationState.Declined => "failed",
        },
        StripeTransferId = operation.ProviderId,
        FailureReason = operation.FailureText,
        CreatedAt = JobView.Time(operation.CreatedUs),
        SettledAt = JobView.Time(operation.SettledUs),
    };

    internal sealed class Command(long? wanted, Money available, Guid operationId) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.OwnersOfCallers.Add(CallerKey!);
            plan.Settings.Add(PayoutStop.Setting);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var owner = rows.Owners.Find(context.Caller.OwnerId)!;
            if (owner is not { AccountId: not null, PayoutsEnabled: true })
                return Refusal.WrongState(
                    "There is no bank account to pay out to; connect one with POST /v1/connect/onboard.");
            if (PayoutStop.ReasonIn(rows) is not null)
                return Refusal.WrongState("Payouts are paused by the operator; earnings wait and are never lost.");
            if (owner.SuspendedAgents > 0)
                return Refusal.WrongState("An agent of this owner is suspended by the operator, and earnings wait "
                    + "until it is reinstated; they are never lost.");
            var decision = new Decision();
            var earnings = Debts.Collect(decision, owner, context.NowUs).Earnings;
            var amount = wanted is { } minor ? new Money(minor) : earnings;
            if (amount > earnings || amount < context.Policy.MinimumPayout)
                return Refusal.Invalid("amount_cents",
                    $"A payout is at least {context.Policy.Show(context.Policy.MinimumPayout)} and at most the "
                    + $"earnings, which are {context.Policy.Show(earnings)}.");
            if (available < amount)
                return Refusal.WrongState(
                    "Stripe holds the buyers' payments for some days before they can be paid out; the automatic "
                    + "payout waits for that.");
            var operation = Payouts.Start(decision, owner, amount, operationId, context.Policy, context.NowUs);
            return new Ruling(decision,
                Answers.Created(View(operation, context.Policy), VoxPactJson.Wire.EnvelopePayoutResource));
        }
    }
}
