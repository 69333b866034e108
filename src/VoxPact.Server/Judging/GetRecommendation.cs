using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Judging;

/// <summary>For the operator as arbiter: what the third opinion on a dispute recommends.</summary>
internal static class GetRecommendation
{
    public static async Task<Reply> Handle(Call call)
    {
        if (await call.RefuseUnlessOperatorAsync() is { } refusal) return Reply.Refused(refusal);
        var found = await call.Deployment.Store.QueryAsync(
            JudgingQueries.Advice(call.PathId(Id.Job)), call.Aborted);
        return found is [var advice]
            ? Answers.Ok(JsonSerializer.Deserialize(advice.Text, VoxPactJson.Default.RecommendationResource)!,
                VoxPactJson.Wire.EnvelopeRecommendationResource)
            : Reply.Refused(Refusal.NotFound);
    }
}
