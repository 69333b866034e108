using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Reads the movements of the balance at Stripe: what it kept of charges, asks for disputes and takes for the account
/// is booked as processing, and what its events may have failed to tell of is looked at.
/// </summary>
internal static class BookFees
{
    public static async Task RunAsync(Deployment deployment, DateTimeOffset since, CancellationToken stop)
    {
        await foreach (var movement in deployment.Stripe.ListBalanceMovementsAsync(since, stop))
        {
            if (movement.Type is "stripe_fee" or "stripe_fx_fee" or "network_cost" or "tax_fee")
                await BookOfAccountAsync(deployment, movement);
            if (movement.About is not { } about) continue;
            switch (movement.Type)
            {
                case "charge" or "payment" when movement.FeeMinor > 0:
                    if (await deployment.Stripe.GetChargeAsync(about, stop) is { } charge
                        && await Operations.FindBehindAsync(deployment, charge.Op, about, stop) is { } operation)
                        await BookAsync(deployment, operation.Id, movement);
                    break;
                case "adjustment":
                    await HearOf.DisputeAsync(deployment, about, stop);
                    await BookAsync(deployment, TakeInDispute.IdOf(about), movement);
                    break;
                case "transfer_refund":
                    await HearOf.TransferAsync(deployment, about, stop);
                    break;
                case "refund_failure":
                    await HearOf.RefundAsync(deployment, about, stop);
                    break;
            }
        }
    }

    private static Task BookAsync(Deployment deployment, Guid operation, BalanceMovement movement) =>
        movement.FeeMinor <= 0
            ? Task.CompletedTask
            : deployment.Engine.RunWorkAsync(new Command(operation, new Money(movement.FeeMinor)));

    /// <summary>
    /// What Connect, Radar and the like cost, or a correction of it: no charge's fee, so an operation of its own.
    /// </summary>
    private static async Task BookOfAccountAsync(Deployment deployment, BalanceMovement movement)
    {
        if (movement.Currency != deployment.Policy.Currency)
            deployment.Log.LogWarning("{Movement}, a {Type} of {Amount} {Currency}, is in no currency of this ledger",
                movement.Id, movement.Type, movement.AmountMinor, movement.Currency);
        else if (movement.AmountMinor - movement.FeeMinor is var net and not 0)
            await deployment.Engine.RunWorkAsync(new BookOfAccount(movement, net));
    }

    private sealed class BookOfAccount(BalanceMovement movement, long netMinor) : Engine.Command
    {
        private readonly Guid _id = Id.Derived($"fee {movement.Id}");

        public override void Need(LoadPlan plan) => plan.Operations.Add(_id);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Operations.Find(_id) is not null) return Reply.None;
            var amount = new Money(Math.Abs(netMinor));
            var fee = new Operation
            {
                Id = _id,
                Kind = netMinor < 0 ? OperationKind.FeeTaken : OperationKind.FeeReturned,
                OwnerId = Guid.Empty,
                Amount = amount,
                Body = "",
                State = OperationState.Done,
                ProviderId = movement.Id,
                CreatedUs = context.NowUs,
                SettledUs = context.NowUs,
            };
            return new Ruling(new Decision().Add(fee).Move(Movements.Processing(
                _id, amount, context.NowUs, fee.Kind is OperationKind.FeeReturned)), Reply.None);
        }
    }

    private sealed class Command(Guid operationId, Money fee) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Operations.Add(operationId);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            // Booked once: the daily looks overlap.
            if (rows.Operations.Find(operationId) is not { Fee: null } operation) return Reply.None;
            return new Ruling(new Decision().Put(operation with { Fee = fee })
                .Move(Movements.Processing(operationId, fee, context.NowUs)), Reply.None);
        }
    }
}
