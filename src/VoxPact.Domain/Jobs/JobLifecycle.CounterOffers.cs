using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;

namespace VoxPact.Domain.Jobs;

/// <content>
/// The worker who is offered a job names another amount or deadline. The offer stands meanwhile, and its due time
/// too: the worker may still accept or decline it as it is.
/// </content>
public static partial class JobLifecycle
{
    /// <param name="standing">What was offered for the job before, live or not.</param>
    public static Outcome MakeCounterOffer(
        Job job, CounterOffer offer, CounterOffer? standing, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.CounterOffer, by) is { } refusal) return refusal;
        if (job.Part is not null)
            return Refusal.WrongState(
                "A job in parts is taken as it was posted; accept it or decline it, and say in a message what you "
                + "would take instead.");
        if (standing?.IsLiveFor(job) == true)
            return new Refusal(RefusalCode.AlreadyDone,
                "Your counter-offer stands already; take it back with DELETE /v1/jobs/{id}/counter-offer first.");
        if (offer.Amount == job.Amount && (offer.DeadlineUs is null || offer.DeadlineUs == job.DeadlineUs))
            return Refusal.Invalid("amount", "This is what the job offers; accept it with POST /v1/jobs/{id}/accept.");
        if (job.Sequence >= Limits.EventsPerJob)
            return Refusal.WrongState("So much has happened to this job that it takes no more counter-offers.");
        var step = new JobStep(job, context);
        if (standing is null) step.Decision.Add(offer);
        else step.Decision.Put(offer);
        return step.Tell(FactType.CounterOfferReceived, DataOf(offer), job.BuyerAgent).Done();
    }

    public static Outcome WithdrawCounterOffer(Job job, CounterOffer? standing, Party by, JobContext context) =>
        EndCounterOffer(job, standing, JobCommand.WithdrawCounterOffer, by, context);

    public static Outcome DeclineCounterOffer(Job job, CounterOffer? standing, Party by, JobContext context) =>
        EndCounterOffer(job, standing, JobCommand.DeclineCounterOffer, by, context);

    /// <summary>
    /// The job is active on the worker's terms: more joins the escrow from the balance, or the difference is the
    /// buyer's again.
    /// </summary>
    /// <param name="seen">What the buyer believes it to ask; null when they did not say.</param>
    public static Outcome AcceptCounterOffer(
        Job job, CounterOffer? standing, Party by, JobContext context, Money? seen = null)
    {
        if (JobRules.Check(job, JobCommand.AcceptCounterOffer, by) is { } refusal) return refusal;
        if (standing?.IsLiveFor(job) != true) return s_noCounterOffer;
        var offer = standing;
        if (seen is { } expected && expected != offer.Amount)
            return Refusal.WrongState($"The counter-offer asks for {context.Policy.Show(offer.Amount)} now.");
        if (offer.DeadlineUs <= context.NowUs)
            return Refusal.WrongState("The deadline of this counter-offer has passed; decline it.");
        var decision = new Decision();
        if (offer.Amount > job.Amount)
        {
            var more = offer.Amount - job.Amount;
            if (ShortOf(decision, more, context) is { } isShort) return isShort;
            decision.Move(Movements.Raise(job.Id, job.BuyerOwner, more, context.NowUs));
        }
        else decision.Move(Movements.Reduce(job.Id, job.BuyerOwner, job.Amount - offer.Amount, context.NowUs));
        var step = new JobStep(job with
        {
            Amount = offer.Amount,
            DeadlineUs = offer.DeadlineUs ?? job.DeadlineUs,
            Fee = context.Policy.FeeOf(context.WorkerTrust),
            AcceptedUs = context.NowUs,
        }, context);
        step.Decision.Remove(offer);
        step.Enter(JobState.Active, step.Job.DeadlineUs ?? context.NowUs + JobTimes.StaleUs)
            .Tell(FactType.CounterOfferAccepted, DataOf(offer), job.WorkerAgent);
        return decision.Include(step.Done());
    }

    /// <summary>What the buyer's balance lacks for so much more, after what they owe; zero when it suffices.</summary>
    public static Money MissingFor(Job job, CounterOffer offer, JobContext context)
    {
        var left = Debts.Collect(new Decision(), context.BuyerOwner!, context.NowUs);
        var needed = offer.Amount - job.Amount + left.Owed;
        return needed > left.Available ? needed - left.Available : Money.Zero;
    }

    private static Refusal? ShortOf(Decision decision, Money more, JobContext context)
    {
        var left = Debts.Collect(decision, context.BuyerOwner!, context.NowUs);
        return left.Owed == Money.Zero && left.Available >= more
            ? null
            : new Refusal(RefusalCode.PaymentMethodRequired,
                $"No payment method can fund this: the counter-offer needs {context.Policy.Show(more)} more, and the "
                + $"balance has {context.Policy.Show(left.Available)}. Save a card with "
                + "POST /v1/payment-methods/setup, then accept again.");
    }

    private static Outcome EndCounterOffer(
        Job job, CounterOffer? standing, JobCommand command, Party by, JobContext context)
    {
        if (JobRules.Check(job, command, by) is { } refusal) return refusal;
        if (standing?.IsLiveFor(job) != true) return s_noCounterOffer;
        var step = new JobStep(job, context);
        step.Decision.Remove(standing);
        return command is JobCommand.DeclineCounterOffer
            ? step.Tell(FactType.CounterOfferDeclined, DataOf(standing), job.WorkerAgent).Done()
            : step.Tell(FactType.CounterOfferWithdrawn, DataOf(standing), job.BuyerAgent).Done();
    }

    private static readonly Refusal s_noCounterOffer =
        Refusal.WrongState("There is no counter-offer on this job, or it was taken back.");

    private static FactData DataOf(CounterOffer offer) =>
        new() { AgentId = offer.Worker, AmountMinor = offer.Amount.Minor };
}
