using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Reads the movements of the balance at Stripe: what it kept of charges and asks for disputes is booked as processing,
/// and what its events may have failed to tell of is looked at.
/// </summary>
internal static class BookFees
{
    public static async Task RunAsync(Deployment deployment, DateTimeOffset since, CancellationToken stop)
    {
        await foreach (var movement in deployment.Stripe.ListBalanceMovementsAsync(since, stop))
        {
            if (movement.About is not { } about) continue;
            switch (movement.Type)
            {
                case "charge" or "payment" when movement.FeeMinor > 0:
                    if (await deployment.Stripe.GetChargeAsync(about, stop) is { } charge
                        && await Operations.FindByNameAsync(deployment, charge.Op, stop) is { } operation)
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
