using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage.Queries;
using Operation = VoxPact.Domain.Ledger.Operation;

namespace VoxPact.Server.Jobs;

/// <summary>
/// The buyer takes a counter-offer. What it asks beyond the balance is charged to the card as a top-up first; when the
/// money is there the same decision is made anew, so a charge that comes late only becomes balance.
/// </summary>
internal static class AcceptCounterOffer
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.AcceptCounterOfferRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        Money? seen = request?.Amount is { } given ? errors.Amount("amount", given, call.Deployment.Policy) : null;
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var job = call.PathId(Id.Job);
        var parties = await call.Deployment.Store.QueryAsync(JobQueries.Parties(job), call.Aborted);
        var command = new Command(job, parties is [{ Worker: { } worker }] ? worker : null, seen, call.RequestHash())
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        };
        var time = call.Deployment.Time;
        for (long since = time.GetTimestamp(); ;)
        {
            var reply = await call.RunAsync(command);
            if (reply.Value is not Missing missing) return reply;
            var charge = new Charge(missing.Amount, Id.New(call.Deployment.Clock.NowUs)) { CallerKey = call.CallerKey };
            var charging = await call.RunAsync(charge);
            if (charging.Refusal?.Code is RefusalCode.PaymentMethodRequired
                && await ListPaymentMethods.RefreshAsync(call))
                charging = await call.RunAsync(charge);
            if (charging.Value is not Guid operation) return charging;
            if (await SettledAsync(call, operation, since) is not { } settled) return Reply.Refused(s_late);
            if (settled.State is OperationState.Declined) return Reply.Refused(PaymentFailed.Because(settled));
        }
    }

    /// <summary>The charge once its outcome is known; null when that took too long.</summary>
    private static async Task<Operation?> SettledAsync(Call call, Guid id, long since)
    {
        var (deployment, time) = (call.Deployment, call.Deployment.Time);
        try
        {
            while (time.GetElapsedTime(since) < deployment.Options.FundingPatience)
            {
                var change = deployment.Signals.Change(id);
                var charge = (await deployment.Store.QueryAsync(OperationQueries.One(id), call.Aborted))[0];
                if (charge.State is not OperationState.Pending) return charge;
                // The signal is this process's own; another node may have settled it, so look now and then as well.
                await Task.WhenAny(change, Task.Delay(LookAgain, time, call.Aborted));
            }
            return null;
        }
        finally
        {
            deployment.Signals.Forget(id);
        }
    }

    private static readonly Refusal s_late = new(RefusalCode.PaymentProviderUnavailable,
        "The card is being charged and the outcome is not known yet; the money will be balance. Accept again in a "
        + "moment.");

    /// <summary>What the balance lacks.</summary>
    private sealed record Missing(Money Amount);

    /// <param name="worker">Whose trust sets the fee, as far as was known before.</param>
    private sealed class Command(Guid jobId, Guid? worker, Money? seen, byte[] requestHash) : Engine.Command
    {
        // What is added to the job counts against the caller's limits.
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan)
        {
            if (worker is { } agent) plan.Agents.Add(agent);
            plan.Jobs.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
            plan.CounterOffers.Add(jobId);
            plan.Terms.Add(jobId);
            plan.ApprovalsOfCallers.Add(CallerKey!);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var offer = rows.CounterOffers.Find(jobId);
            int trust = job.WorkerAgent is { } agent ? rows.Agents.Find(agent)?.TrustScore ?? 0 : 0;
            var scene = rows.ContextFor(job, context) with { WorkerTrust = trust };
            var outcome = JobLifecycle.AcceptCounterOffer(job, offer, job.PartyOf(context.Caller.Id), scene, seen);
            var decision = outcome.Decision ?? new Decision();
            if (offer is not null && outcome.Refusal?.Code is null or RefusalCode.PaymentMethodRequired)
            {
                var raise = new Purchase(offer!.Amount - job.Amount, job.Title, job.WorkerAgent,
                    JobView.Strings(rows.Terms.Find(jobId)!.RequiredCapabilities), requestHash)
                { Whole = offer.Amount };
                // Whom a key may hire does not hang on the price: another key may have named this worker.
                if (context.Key is { } key && Spend.OutsideOf(key, raise) is { } outside) return outside;
                if (offer.Amount > job.Amount && Spend.IsLimited(context, countsMonthly: true)
                    && Spend.Count(decision, rows, context, raise, countsMonthly: true) is { } instead) return instead;
            }
            if (outcome.Refusal is { Code: RefusalCode.PaymentMethodRequired })
                return Reply.Holding(new Missing(JobLifecycle.MissingFor(job, offer!, scene)));
            if (outcome.Refusal is { } refusal) return refusal;
            return new Ruling(decision, JobView.Answer(decision.Job, context.Policy));
        }
    }

    /// <summary>
    /// Charges the default card for what is missing, unless a charge of the owner is under way
    /// already.
    /// </summary>
    private sealed class Charge(Money missing, Guid id) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.OwnersOfCallers.Add(CallerKey!);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var owner = rows.Owners.Find(context.Caller.OwnerId)!;
            if (owner.TopUpId is { } underWay) return Reply.Holding(underWay);
            if (owner.DefaultCardId is null)
                return new Refusal(RefusalCode.PaymentMethodRequired,
                    $"No payment method can fund this: the balance lacks {context.Policy.Show(missing)}. Save a card "
                    + "with POST /v1/payment-methods/setup, then accept again.");
            var decision = new Decision();
            JobFunding.StartTopUp(
                decision, owner, missing, id, new JobContext(context.NowUs, context.Policy), context.Caller.Id);
            return new Ruling(decision, Reply.Holding(id));
        }
    }
}
