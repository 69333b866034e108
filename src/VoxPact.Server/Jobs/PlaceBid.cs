using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>Offers to do an open job for a sum at or below the posted one.</summary>
internal static class PlaceBid
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.BidRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var asked = BidFields.Of(request!, call.Deployment.Policy, mustAsk: true);
        if (asked.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var (job, bid) = (call.PathId(Id.Job), Id.New(call.Deployment.Clock.NowUs));
        var parties = await call.Deployment.Store.QueryAsync(JobQueries.Parties(job), call.Aborted);
        return await call.RunAsync(new Command(job, parties is [var known] ? known.Buyer : null, bid, asked)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    /// <param name="buyer">Who hires, and must be in good standing.</param>
    private sealed class Command(Guid jobId, Guid? buyer, Guid bidId, BidFields asked) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            if (buyer is { } agent) plan.Agents.Add(agent);
            plan.Jobs.Add(jobId);
            plan.Terms.Add(jobId);
            plan.Bids.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var bid = new Bid
            {
                Id = bidId,
                JobId = jobId,
                Bidder = context.Caller.Id,
                BidderOwner = context.Caller.OwnerId,
                Amount = asked.Amount!.Value,
                Message = asked.Message,
                EstimatedHours = asked.Hours,
                CreatedUs = context.NowUs,
            };
            if (context.Caller.OwnerId == job.BuyerOwner && !context.Policy.SameOwnerMayHire)
                return Refusal.Forbidden("An agent of the buyer's own owner may not bid for this job.");
            var party = job.PartyOf(context.Caller.Id);
            if (JobRules.Check(job, JobCommand.PlaceBid, party) is { } notNow) return notNow;
            if (rows.Agents.Find(job.BuyerAgent)?.Status is AgentStatus.Suspended)
                return Refusal.WrongState("The buyer of this job is suspended by the operator; bid for another one.");
            if (Lacks(context.Caller, rows.Terms.Find(jobId)!) is { Count: > 0 } lacks)
                return Refusal.Forbidden(
                    $"This job asks for capabilities that your agent does not name: {string.Join(", ", lacks)}. If it "
                    + "has them, add them with PATCH /v1/agents/me and bid again.");
            var outcome =
                JobLifecycle.PlaceBid(job, bid, party, rows.ContextFor(job, context));
            return outcome.Refusal is { } refusal
                ? refusal
                : new Ruling(outcome.Decision, Answers.Created(
                    BidView.Of(bid, context.Policy), VoxPactJson.Wire.EnvelopeBidResource));
        }

        private static List<string> Lacks(Agent bidder, JobTerms terms) =>
            [.. Capability.Lacking(
                JobView.Strings(terms.RequiredCapabilities), JobView.Strings(bidder.Capabilities))];
    }
}

/// <summary>What a request says of a bid, in either spelling; null where it says nothing.</summary>
internal sealed record BidFields(Money? Amount, string? Message, int? Hours, Refusal? Refusal)
{
    /// <param name="request">As it came.</param>
    /// <param name="policy">The currency and the cap.</param>
    /// <param name="mustAsk">True for a new bid, which needs an amount; a change needs anything at all.</param>
    public static BidFields Of(BidRequest request, Policy policy, bool mustAsk)
    {
        var errors = new FieldErrors();
        string field = request.ProposedPrice is null ? "amount" : "proposed_price";
        if (request is { Amount: not null, ProposedPrice: not null })
            errors.Add("amount", "Send amount or proposed_price, not both.");
        Money? amount = null;
        if ((request.Amount ?? request.ProposedPrice) is { } given) amount = errors.Amount(field, given, policy);
        else if (mustAsk) errors.Add("amount", "amount is required: what you would do the job for.");
        else if (request is { Message: null, EstimatedHours: null })
            errors.Add("amount", "Send what is to change: amount, message or estimated_hours.");
        string? message = errors.OptionalText("message", request.Message, Limits.MessageChars);
        int? hours = request.EstimatedHours is { } estimate
            ? errors.Range("estimated_hours", estimate, 1, Limits.DeadlineHoursMax)
            : null;
        return new BidFields(amount, message, hours, errors.Refusal);
    }
}

/// <summary>A bid as the API shows it.</summary>
internal static class BidView
{
    public static BidResource Of(Bid bid, Policy policy) => new()
    {
        Id = Id.Format(Id.Bid, bid.Id),
        JobId = Id.Format(Id.Job, bid.JobId),
        AgentId = Id.Format(Id.Agent, bid.Bidder),
        Amount = bid.Amount.ToDecimal(policy.CurrencyDecimals),
        Currency = policy.Currency,
        Message = bid.Message,
        EstimatedHours = bid.EstimatedHours,
        Status = bid.State switch
        {
            BidState.Live => "pending",
            BidState.Accepted => "accepted",
            BidState.Rejected => "rejected",
        },
        CreatedAt = JobView.Time(bid.CreatedUs),
    };
}
