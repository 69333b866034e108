using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Files;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Ledger;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Operator;

/// <summary>All that is known of a job, as it is at one moment.</summary>
internal static class InspectJob
{
    private const int Most = 1_000;

    public static async Task<Reply> Handle(Call call)
    {
        if (await call.RefuseUnlessOperatorAsync() is { } refusal) return Reply.Refused(refusal);
        var id = call.PathId(Id.Job);
        await using var reading = await call.Deployment.Store.OpenReadingAsync(call.Aborted);
        Task<List<T>> Ask<T>(Statement<T> statement) => reading.QueryAsync(statement, call.Aborted);
        if (await Ask(JobQueries.One(id)) is not [var (job, terms, note, _, offer)])
            return Reply.Refused(Refusal.NotFound);
        var policy = call.Deployment.Policy;
        var facts = await Ask(OperatorQueries.FactsOf(id, Most + 1));
        var messages = await Ask(JobQueries.Messages(id, Guid.Empty, Most + 1));
        return Answers.Ok(new JobHistory
        {
            Job = JobView.Of(job, policy, terms, note) with
            {
                CounterOffer = offer?.IsLiveFor(job) == true ? CounterOffers.View(offer, policy) : null,
            },
            BuyerOwnerId = Id.Format(Id.Owner, job.BuyerOwner),
            WorkerOwnerId = job.WorkerOwner is { } owner ? Id.Format(Id.Owner, owner) : null,
            Submissions = [.. (await Ask(JobQueries.Submissions(id)))
                .Select(row => row.Submission).OfType<Submission>().Select(SubmissionView.Of)],
            Recommendations = [.. (await Ask(OperatorQueries.AdviceOn(id)))
                .Select(row => JsonSerializer.Deserialize(row.Text, VoxPactJson.Default.RecommendationResource)!)],
            Facts = [.. facts.Take(Most).Select(View)],
            Movements = [.. (await Ask(ReceiptQueries.Entries(id))).Select(MovementView.Of)],
            Bids = [.. (await Ask(JobQueries.Bids(id)))
                .Select(row => row.Bid).OfType<Bid>().Select(bid => BidView.Of(bid, policy))],
            Messages = [.. messages.Take(Most).Select(Messages.View)],
            Files = [.. (await Ask(FileQueries.OfJob(id)))
                .Select(row => row.File).OfType<JobFile>().Select(JobFiles.View)],
            Operations = [.. (await Ask(OperatorQueries.OperationsOf(id))).Select(one => MoneyView.Of(one, policy))],
            IsCut = facts.Count > Most || messages.Count > Most,
        }, VoxPactJson.Wire.EnvelopeJobHistory);
    }

    private static JobFact View(OperatorQueries.Noted row) => new()
    {
        Sequence = row.Fact.Sequence,
        Type = FactTypes.Name((FactType)row.Fact.Type),
        At = JobView.Time(row.Fact.AtUs),
        Data = JsonElement.Parse(row.Fact.Data),
        Note = row.Note,
    };
}
