using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Jobs;

namespace VoxPact.Server.Payments;

/// <summary>Operations as the API shows them.</summary>
internal static class MoneyView
{
    public static MoneyOperation Of(Operation operation, Policy policy) => new()
    {
        Id = Id.Format(Id.Operation, operation.Id),
        Kind = Operation.Word(operation.Kind),
        State = Operation.Word(operation.State),
        Amount = operation.Amount.ToDecimal(policy.CurrencyDecimals),
        FailureCode = operation.FailureCode,
        FailureText = operation.FailureText,
        Link = operation.ActionUrl,
        CreatedAt = JobView.Time(operation.CreatedUs),
        SettledAt = operation.SettledUs is { } at ? JobView.Time(at) : null,
    };
}
