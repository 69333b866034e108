using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>What can be tried with a job of a small market, or with its owners' money.</summary>
internal enum Act
{
    Post, Accept, Decline, Cancel, Submit, Pass, Fail, Doubt, Approve, Dispute, Concede, Release, GiveBack, Split,
    Bonus, TopUp, PayOut, PayOutSent, PayOutFailed,
}

/// <summary>One try: at the job in that place (whose buyer is owner 0 or 1, by turns), with so many cents.</summary>
internal readonly record struct Try(Act Act, int Place, int Minor)
{
    /// <summary>Of so little there is often enough.</summary>
    public int Part => Minor % 40 + 1;

    /// <summary>What brings a job from nothing to each of the states to begin with.</summary>
    public static readonly Act[][] Beginnings =
    [
        [],
        [Act.Post],
        [Act.Post, Act.Accept],
        [Act.Post, Act.Submit],
        [Act.Post, Act.Submit, Act.Doubt],
        [Act.Post, Act.Submit, Act.Fail],
        [Act.Post, Act.Submit, Act.Doubt, Act.Dispute],
        [Act.Post, Act.Submit, Act.Pass],
        [Act.Post, Act.Submit, Act.Pass, Act.Bonus],
    ];
}

/// <summary>
/// What the ledger should come to, in so few words that one can see that it is right: sums in a few fields, changed by
/// plain arithmetic. It knows nothing of entries, movements or commits.
/// </summary>
internal sealed class LedgerModel
{
    public const int Places = 4, Owners = 2, Founded = 500;
    private const int FeePercent = 10;
    private readonly Job[] _jobs = [.. Enumerable.Range(0, Places).Select(_ => new Job())];
    private readonly Owner[] _owners = [.. Enumerable.Range(0, Owners).Select(_ => new Owner { Available = Founded })];

    private sealed class Job
    {
        public JobState? State;
        public int Escrow;
    }

    private sealed class Owner
    {
        public int Available, Earnings, InTransit;
        public bool HasPaidOut;
    }

    public static int BuyerOf(int place) => place % Owners;

    public static int WorkerOf(int place) => (place + 1) % Owners;

    public void Take(Try step)
    {
        var (act, place, minor) = step;
        var (job, buyer, worker) = (_jobs[place], _owners[BuyerOf(place)], _owners[WorkerOf(place)]);
        switch (act, job.State)
        {
            case (Act.Post, null) when buyer.Available >= minor:
                (buyer.Available, job.Escrow, job.State) = (buyer.Available - minor, minor, JobState.Offered);
                break;
            case (Act.Accept, JobState.Offered): job.State = JobState.Active; break;
            case (Act.Submit, JobState.Offered or JobState.Active): job.State = JobState.Validating; break;
            case (Act.Doubt, JobState.Validating): job.State = JobState.Review; break;
            case (Act.Fail, JobState.Validating): job.State = JobState.Failed; break;
            case (Act.Dispute, JobState.Review or JobState.Failed): job.State = JobState.Disputed; break;
            case (Act.Decline or Act.Cancel, JobState.Offered):
            case (Act.Concede or Act.GiveBack, JobState.Disputed):
                (buyer.Available, job.Escrow, job.State) = (buyer.Available + job.Escrow, 0, JobState.Cancelled);
                break;
            case (Act.Pass, JobState.Validating):
            case (Act.Approve, JobState.Validating or JobState.Review or JobState.Failed or JobState.Disputed):
            case (Act.Release, JobState.Disputed):
                Pay(worker, job.Escrow);
                (job.Escrow, job.State) = (0, JobState.Completed);
                break;
            case (Act.Split, JobState.Disputed) when step.Part < job.Escrow:
                Pay(worker, step.Part);
                buyer.Available += job.Escrow - step.Part;
                (job.Escrow, job.State) = (0, JobState.Completed);
                break;
            case (Act.Bonus, JobState.Completed) when buyer.Available >= minor:
                buyer.Available -= minor;
                Pay(worker, minor);
                break;
            case (Act.TopUp, _): buyer.Available += minor; break;
            case (Act.PayOut, _) when !buyer.HasPaidOut && buyer.Earnings >= step.Part:
                (buyer.Earnings, buyer.InTransit, buyer.HasPaidOut) = (buyer.Earnings - step.Part, step.Part, true);
                break;
            case (Act.PayOutSent, _): buyer.InTransit = 0; break;
            case (Act.PayOutFailed, _): (buyer.Earnings, buyer.InTransit) = (buyer.Earnings + buyer.InTransit, 0); break;
        }
    }

    private static void Pay(Owner worker, int minor) => worker.Earnings += minor - minor * FeePercent / 100;

    public override string ToString() => string.Join("; ",
    [
        .. _owners.Select(owner => $"{owner.Available} {owner.Earnings} {owner.InTransit}"),
        .. _jobs.Select(job => $"{(job.State is { } state ? JobWords.Of(state) : "none")} {job.Escrow}"),
    ]);
}
