using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Payments;

/// <summary>What became of a charge, refund or transfer of the caller's owner.</summary>
internal static class GetOperation
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, found, refusal) = await call.QueryAsync(
            OperationQueries.OfKey(call.PathId(Id.Operation), call.CallerKey));
        if (refusal is not null) return Reply.Refused(refusal);
        return found is [var operation]
            ? Answers.Ok(MoneyView.Of(operation, call.Deployment.Policy), VoxPactJson.Wire.EnvelopeMoneyOperation)
            : Reply.Refused(Refusal.NotFound);
    }
}
