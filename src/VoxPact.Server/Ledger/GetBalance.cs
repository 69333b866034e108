using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>What stands in the accounts of the caller's owner.</summary>
internal static class GetBalance
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, rows, refusal) = await call.QueryAsync(OwnerQueries.OfKey(call.CallerKey));
        if (refusal is not null) return Reply.Refused(refusal);
        return Answers.Ok(BalanceView.Of(rows[0], call.Deployment.Policy), VoxPactJson.Wire.EnvelopeBalanceResource);
    }
}

/// <summary>An owner's accounts as the API shows them.</summary>
internal static class BalanceView
{
    public static BalanceResource Of(Owner owner, Policy policy)
    {
        decimal Show(Money money) => money.ToDecimal(policy.CurrencyDecimals);
        return new BalanceResource
        {
            Available = Show(owner.Available),
            Escrow = Show(owner.Escrow),
            Earnings = Show(owner.Earnings),
            InTransit = Show(owner.InTransit),
            Held = Show(owner.Held),
            Receivable = Show(owner.Receivable),
            Currency = policy.Currency,
        };
    }
}
