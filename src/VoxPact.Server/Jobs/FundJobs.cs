using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Jobs;

/// <summary>
/// A top-up was settled: fund, in order, the jobs of its owner that waited, and answer their requests.
/// </summary>
internal static class FundJobs
{
    /// <summary>The work item's argument-free subject is the settled operation.</summary>
    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken cancellation)
    {
        var places =
            await deployment.Store.QueryAsync(OperationQueries.JobsWaitingFor(work.Item.Subject), cancellation);
        var owner = await deployment.Store.QueryAsync(OwnerQueries.IdOfOperation(work.Item.Subject), cancellation);
        await deployment.Engine.RunWorkAsync(new Command(work, owner[0], places, Id.New(deployment.Clock.NowUs)));
    }

    private sealed class Command(
        StoredWork work, Guid owner, IReadOnlyList<OperationQueries.WaitingJob> places, Guid nextTopUp) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Owners.Add(owner);
            plan.Operations.Add(work.Item.Subject);
            foreach (var place in places)
            {
                plan.Jobs.Add(place.Job);
                plan.Terms.Add(place.Job);
                plan.FundingRequests.Add(place.Job);
                plan.AgentsToChange.Add(place.Buyer);
                if (place.Key is { } key) plan.Keys.Add(key);
                if (place.Scope is { } scope) plan.AnswersOf.Add((place.Buyer, scope));
            }
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var settles = new List<StoredAnswer>();
            var spenders = new Dictionary<Guid, Agent>();
            var keys = new Dictionary<Guid, AgentKey>();
            var settled = rows.Operations.Find(work.Item.Subject)!;
            Guid BuyerOf(FundingRequest funding) => places.First(place => place.Job == funding.JobId).Buyer;
            var waiting = places
                .Select(place => (Funding: rows.FundingRequests.Find(place.Job)!, Job: rows.Jobs.Find(place.Job)))
                .Where(place => place.Funding is not null).ToList();
            var results = JobFunding.FundWaiting(rows.Owners.Find(owner)!, waiting, settled, nextTopUp, decision,
                new JobContext(context.NowUs, context.Policy));
            // Cancelled or timed out while it waited: its request is answered with what the job has become.
            foreach (var (funding, job) in waiting)
                if (!funding.Told && job is { State: not JobState.Funding })
                    settles.AddRange(Settle(rows, funding, BuyerOf(funding), job, context.Policy));
            foreach (var (funding, outcome) in results)
            {
                decision.Include(outcome.Decision!);
                if (funding.Told) continue;
                var buyer = BuyerOf(funding);
                if (outcome.Decision!.Job.State is JobState.Funding)
                {
                    GiveBack(rows, spenders, buyer, funding, outcome.Decision.Job);
                    GiveBack(rows, keys, funding, outcome.Decision.Job);
                }
                settles.AddRange(Answer(rows, funding, buyer, outcome.Decision!, settled, context.Policy));
            }
            foreach (var spender in spenders.Values) decision.Put(spender);
            foreach (var key in keys.Values) decision.Put(key);
            // When none left the queue, the rest waits for the next top-up too: looking again now would never end.
            bool someLeft = decision.Rows.Any(row => row is { Value: FundingRequest, Change: RowChange.Delete });
            if (someLeft && places.Count == OperationQueries.WaitingAtOnce)
                decision.Later(work.Item with { DueUs = context.NowUs });
            return new Ruling(decision, Reply.None) { Settles = settles, Log = { work.Done() } };
        }

        /// <summary>No money, no job: what it counted against its poster's limit is given back.</summary>
        private static void GiveBack(
            Snapshot rows, Dictionary<Guid, Agent> spenders, Guid buyer, FundingRequest funding, Job job)
        {
            if ((spenders.GetValueOrDefault(buyer) ?? rows.Agents.Find(buyer)) is { MonthlyLimitMinor: not null } agent)
                spenders[buyer] = Spending.GiveBack(agent, funding.Counted ?? job.Amount, job.CreatedUs);
        }

        private static void GiveBack(
            Snapshot rows, Dictionary<Guid, AgentKey> keys, FundingRequest funding, Job job)
        {
            if (funding.KeyId is { } known && (keys.GetValueOrDefault(known) ?? rows.Keys.Find(known)) is { } key)
                keys[known] = KeySpending.GiveBack(key, funding.Counted ?? job.Amount, job.CreatedUs);
        }

        private static IReadOnlyList<StoredAnswer> Settle(
            Snapshot rows, FundingRequest funding, Guid buyer, Job job, Policy policy)
        {
            var answer = PostJob.Answer(job, rows.Terms.Find(job.Id)!, policy);
            return rows.Settle(buyer, funding.IdempotencyScope, answer.Status, answer.Body);
        }

        private static IReadOnlyList<StoredAnswer> Answer(
            Snapshot rows, FundingRequest funding, Guid buyer, Decision result, Domain.Ledger.Operation settled,
            Policy policy)
        {
            var job = result.Job;
            if (job.State is not JobState.Funding) return Settle(rows, funding, buyer, job, policy);
            var (status, body) =
                Problems.Render(PaymentFailed.Because(settled), "/v1/jobs", Id.Format(Id.Operation, settled.Id));
            return rows.Settle(buyer, funding.IdempotencyScope, status, body);
        }
    }
}
