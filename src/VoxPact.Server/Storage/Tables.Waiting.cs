using VoxPact.Domain;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Storage;

/// <content>What waits: parts for their turn, jobs for money, for bids and for the arbiter.</content>
internal static partial class Tables
{
    public static readonly Table<JobPart> Parts = new Table<JobPart>(
        "job_parts", 2, p => (p.SeriesId, p.Number), (r, i) => new JobPart
        {
            SeriesId = r.Guid(i),
            Number = r.Int(i + 1),
            SeriesTitle = r.Text(i + 2),
            Title = r.Text(i + 3),
            Description = r.Text(i + 4),
            Amount = new Money(r.Long(i + 5)),
            Acceptance = r.TextOrNull(i + 6),
            DeadlineHours = r.IntOrNull(i + 7),
            JobId = r.GuidOrNull(i + 8),
        })
        .Uuid("series_id", p => p.SeriesId).Int("number", p => p.Number).Text("series_title", p => p.SeriesTitle)
        .Text("title", p => p.Title).Text("description", p => p.Description)
        .Long("amount_minor", p => p.Amount.Minor).Text("acceptance", p => p.Acceptance)
        .IntOrNull("deadline_hours", p => p.DeadlineHours).UuidOrNull("job_id", p => p.JobId, true);

    public static readonly Table<OpenListing> OpenListings = new Table<OpenListing>(
        "open_listings", 1, l => l.JobId, (r, i) =>
            new OpenListing { JobId = r.Guid(i), Amount = new Money(r.Long(i + 1)) })
        .Uuid("job_id", l => l.JobId).Long("amount_minor", l => l.Amount.Minor);

    public static readonly Table<OpenDispute> OpenDisputes = new Table<OpenDispute>(
        "open_disputes", 1, d => d.JobId, (r, i) => new OpenDispute { JobId = r.Guid(i), SinceUs = r.Long(i + 1) })
    {
        Indexed = new HashSet<string> { "since_us" },
    }
        .Uuid("job_id", d => d.JobId).Long("since_us", d => d.SinceUs, true);

    public static readonly Table<FundingRequest> FundingRequests = new Table<FundingRequest>(
        "funding_requests", 1, f => f.JobId, (r, i) => new FundingRequest
        {
            JobId = r.Guid(i),
            OwnerId = r.Guid(i + 1),
            TopUpId = r.Guid(i + 2),
            Told = r.Bool(i + 3),
            IdempotencyScope = r.BytesOrNull(i + 4),
            KeyId = r.GuidOrNull(i + 5),
            Counted = r.LongOrNull(i + 6) is { } counted ? new Money(counted) : null,
        })
        .Uuid("job_id", f => f.JobId).Uuid("owner_id", f => f.OwnerId).Uuid("top_up_id", f => f.TopUpId, true)
        .Int("told", f => f.Told ? 1 : 0, true).Bytes("idempotency_scope", f => f.IdempotencyScope)
        .UuidOrNull("key_id", f => f.KeyId).LongOrNull("counted_minor", f => f.Counted?.Minor);
}
