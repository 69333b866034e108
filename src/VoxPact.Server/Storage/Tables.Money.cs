using VoxPact.Domain;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Storage;

/// <content>What is asked of the payment provider.</content>
internal static partial class Tables
{
    public static readonly Table<Operation> Operations = new Table<Operation>(
        "operations", 1, o => o.Id, (r, i) => new Operation
        {
            Id = r.Guid(i),
            Kind = (OperationKind)r.Int(i + 1),
            OwnerId = r.Guid(i + 2),
            Amount = new Money(r.Long(i + 3)),
            Body = r.Text(i + 4),
            State = (OperationState)r.Int(i + 5),
            Generation = r.Int(i + 6),
            ProviderId = r.TextOrNull(i + 7),
            FirstSentUs = r.LongOrNull(i + 8),
            FailureCode = r.TextOrNull(i + 9),
            FailureText = r.TextOrNull(i + 10),
            ActionUrl = r.TextOrNull(i + 11),
            CreatedUs = r.Long(i + 12),
            SettledUs = r.LongOrNull(i + 13),
            ParentId = r.GuidOrNull(i + 14),
            MustRead = r.Bool(i + 15),
            EmptyReadUs = r.LongOrNull(i + 16),
            Fee = r.LongOrNull(i + 17) is { } fee ? new Money(fee) : null,
            Returned = new Money(r.Long(i + 18)),
        })
    {
        Indexed = new HashSet<string> { "settled_us", "state" },
    }
        .Uuid("id", o => o.Id).Int("kind", o => (int)o.Kind).Uuid("owner_id", o => o.OwnerId)
        .Long("amount_minor", o => o.Amount.Minor).Text("body", o => o.Body).Int("state", o => (int)o.State, true)
        .Int("generation", o => o.Generation, true).Text("provider_id", o => o.ProviderId, true)
        .LongOrNull("first_sent_us", o => o.FirstSentUs, true).Text("failure_code", o => o.FailureCode, true)
        .Text("failure_text", o => o.FailureText, true).Text("action_url", o => o.ActionUrl, true)
        .Long("created_us", o => o.CreatedUs)
        .LongOrNull("settled_us", o => o.SettledUs, true).UuidOrNull("parent_id", o => o.ParentId)
        .Int("must_read", o => o.MustRead ? 1 : 0, true).LongOrNull("empty_read_us", o => o.EmptyReadUs, true)
        .LongOrNull("fee_minor", o => o.Fee?.Minor, true).Long("returned_minor", o => o.Returned.Minor, true);
}
