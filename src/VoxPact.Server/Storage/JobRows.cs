using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Server.Storage;

internal static class JobRows
{
    public static Job Read(IRow r, int i) => Job.Restore(new Job
    {
        Id = r.Guid(i),
        BuyerAgent = r.Guid(i + 1),
        BuyerOwner = r.Guid(i + 2),
        WorkerAgent = r.GuidOrNull(i + 3),
        WorkerOwner = r.GuidOrNull(i + 4),
        IsOpen = r.Bool(i + 5),
        Title = r.Text(i + 6),
        Amount = new Money(r.Long(i + 8)),
        Escrow = new Money(r.Long(i + 9)),
        Fee = new BasisPoints(r.Int(i + 10)),
        Release = (ReleaseMode)r.Int(i + 11),
        ReviewHours = r.Int(i + 12),
        MaxRevisions = r.Int(i + 13),
        Submissions = r.Int(i + 14),
        DeliverableHash = r.BytesOrNull(i + 15),
        Verdict = (VerdictOutcome?)r.IntOrNull(i + 16),
        DeadlineUs = r.LongOrNull(i + 17),
        DueUs = r.LongOrNull(i + 18),
        PausedSinceUs = r.LongOrNull(i + 19),
        CancelRequestedBy = (Party)r.Int(i + 20),
        Closed = (ClosedReason?)r.IntOrNull(i + 21),
        Sequence = r.Int(i + 22),
        CreatedUs = r.Long(i + 23),
        AcceptedUs = r.LongOrNull(i + 24),
        SubmittedUs = r.LongOrNull(i + 25),
        CompletedUs = r.LongOrNull(i + 26),
        OfferHours = r.IntOrNull(i + 27),
        FallbackAgent = r.GuidOrNull(i + 28),
        FallbackOwner = r.GuidOrNull(i + 29),
        FallsOpen = r.Bool(i + 30),
        OfferedUs = r.LongOrNull(i + 31),
        Ruling = (DisputeRuling?)r.IntOrNull(i + 32),
        RulingToWorker = new Money(r.Long(i + 33)),
        AppealedBy = (Party)r.Int(i + 34),
        Part = r.GuidOrNull(i + 35) is { } series ? new PartPlace(series, r.Int(i + 36), r.Int(i + 37)) : null,
    }, (JobState)r.Int(i + 7));
}
