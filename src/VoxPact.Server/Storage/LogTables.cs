using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage;

/// <summary>The tables that the engine itself keeps: the log, what is to be done, and stored answers.</summary>
internal static class LogTables
{
    public static readonly Table<LoggedEntry> Entries = new Table<LoggedEntry>(
        "entries", 3, e => (e.Entry.Subject, e.Entry.Slot, e.Entry.Leg), (r, i) => new LoggedEntry(
            new Entry((MovementKind)r.Int(i + 3), r.Guid(i), (Slot)r.Int(i + 1), r.Int(i + 2),
                new Account((AccountKind)r.Int(i + 4), r.Guid(i + 5)),
                new Account((AccountKind)r.Int(i + 6), r.Guid(i + 7)), new Money(r.Long(i + 8)), r.Long(i + 9)),
            r.Long(i + 10)))
        .Uuid("subject", e => e.Entry.Subject).Int("slot", e => (int)e.Entry.Slot).Int("leg", e => e.Entry.Leg)
        .Int("movement", e => (int)e.Entry.Movement).Int("debit_kind", e => (int)e.Entry.Debit.Kind)
        .Uuid("debit_holder", e => e.Entry.Debit.Holder).Int("credit_kind", e => (int)e.Entry.Credit.Kind)
        .Uuid("credit_holder", e => e.Entry.Credit.Holder).Long("amount_minor", e => e.Entry.Amount.Minor)
        .Long("at_us", e => e.Entry.AtUs).Long("batch", e => e.Batch);

    public static readonly Table<AccountLine> Lines = new Table<AccountLine>(
        "account_lines", 2, l => (l.OwnerId, l.Number), (r, i) => new AccountLine
        {
            OwnerId = r.Guid(i),
            Number = r.Long(i + 1),
            Subject = r.Guid(i + 2),
            Slot = (Slot)r.Int(i + 3),
            Leg = r.Int(i + 4),
            Movement = (MovementKind)r.Int(i + 5),
            Available = new Money(r.Long(i + 6)),
            Escrow = new Money(r.Long(i + 7)),
            Earnings = new Money(r.Long(i + 8)),
            InTransit = new Money(r.Long(i + 9)),
            Held = new Money(r.Long(i + 10)),
            Receivable = new Money(r.Long(i + 11)),
        })
        .Uuid("owner_id", l => l.OwnerId).Long("number", l => l.Number).Uuid("subject", l => l.Subject)
        .Int("slot", l => (int)l.Slot).Int("leg", l => l.Leg).Int("movement", l => (int)l.Movement)
        .Long("available_minor", l => l.Available.Minor).Long("escrow_minor", l => l.Escrow.Minor)
        .Long("earnings_minor", l => l.Earnings.Minor).Long("in_transit_minor", l => l.InTransit.Minor)
        .Long("held_minor", l => l.Held.Minor).Long("receivable_minor", l => l.Receivable.Minor);

    public static readonly Table<LoggedFact> Facts = new Table<LoggedFact>(
        "facts", 2, f => (f.Subject, f.Sequence), (r, i) => new LoggedFact(
            r.Guid(i), r.Int(i + 1), r.Guid(i + 2), r.Int(i + 3), r.Long(i + 4), r.Text(i + 5), r.Long(i + 6)))
        .Uuid("subject", f => f.Subject).Int("sequence", f => f.Sequence).Uuid("event_id", f => f.EventId)
        .Int("type", f => f.Type).Long("at_us", f => f.AtUs).Text("data", f => f.Data).Long("batch", f => f.Batch);

    public static readonly Table<InboxEntry> Inbox = new Table<InboxEntry>(
        "inbox", 4, i => (i.AgentId, i.Place), (r, i) => new InboxEntry(
            r.Guid(i), new InboxPlace(r.Long(i + 1), r.Guid(i + 2), r.Int(i + 3))))
    {
        // The transaction's own number, so that all below the oldest one that still runs are there for good; or the
        // highest yet, since a transaction that waited for a job's lock may have the lower number and the later event.
        PostgresValues = "u.agent_id, greatest(pg_current_xact_id()::text::bigint, "
            + "(select max(position) from inbox)), u.subject, u.sequence",
    }
        .Uuid("agent_id", i => i.AgentId).Long("position", i => i.Place.Position)
        .Uuid("subject", i => i.Place.Subject).Int("sequence", i => i.Place.Sequence);

    public static readonly Table<Delivery> Deliveries = new Table<Delivery>(
        "deliveries", 3, d => d.Key, (r, i) => new Delivery
        {
            EndpointId = r.Guid(i),
            Subject = r.Guid(i + 1),
            Sequence = r.Int(i + 2),
            DueUs = r.Long(i + 3),
            Attempts = r.Int(i + 4),
        })
    {
        Indexed = new HashSet<string> { "due_us" },
    }
        .Uuid("endpoint_id", d => d.EndpointId).Uuid("subject", d => d.Subject).Int("sequence", d => d.Sequence)
        .Long("due_us", d => d.DueUs, true).Int("attempts", d => d.Attempts, true);

    public static readonly Table<DeadDelivery> DeadDeliveries = new Table<DeadDelivery>(
        "dead_deliveries", 3, d => (d.EndpointId, d.Subject, d.Sequence), (r, i) => new DeadDelivery(
            r.Guid(i), r.Guid(i + 1), r.Int(i + 2), r.Long(i + 3), r.Int(i + 4), r.Text(i + 5)))
        .Uuid("endpoint_id", d => d.EndpointId).Uuid("subject", d => d.Subject).Int("sequence", d => d.Sequence)
        .Long("at_us", d => d.AtUs, true).Int("attempts", d => d.Attempts, true)
        .Text("reason", d => d.Reason, true);

    public static readonly Table<WebhookAttempt> Attempts = new Table<WebhookAttempt>(
        "webhook_attempts", 2, a => (a.EndpointId, a.Id), (r, i) => new WebhookAttempt(
            r.Guid(i), r.Guid(i + 1), r.Guid(i + 2), r.Int(i + 3), r.Int(i + 4), r.Long(i + 5), r.Long(i + 6),
            r.IntOrNull(i + 7), r.TextOrNull(i + 8), (AttemptOutcome)r.Int(i + 9)))
        .Uuid("endpoint_id", a => a.EndpointId).Uuid("id", a => a.Id).Uuid("subject", a => a.Subject)
        .Int("sequence", a => a.Sequence).Int("number", a => a.Number).Long("at_us", a => a.AtUs)
        .Long("latency_us", a => a.LatencyUs).IntOrNull("status", a => a.Status).Text("error", a => a.Error)
        .Int("outcome", a => (int)a.Outcome);

    public static readonly Table<StoredWork> Work = new Table<StoredWork>("work", 1, w => w.Id, (r, i) => new StoredWork
    {
        Id = r.Guid(i),
        Item = new WorkItem((WorkKind)r.Int(i + 2), r.Guid(i + 3), r.Long(i + 6), r.Long(i + 4), r.TextOrNull(i + 5)),
        Attempts = r.Int(i + 7),
        LeaseUntilUs = r.Long(i + 8),
        LastError = r.TextOrNull(i + 9),
    })
    {
        Indexed = new HashSet<string> { "due_us" },
    }
        .Uuid("id", w => w.Id).Int("queue", w => w.Item.Queue).Int("kind", w => (int)w.Item.Kind)
        .Uuid("subject", w => w.Item.Subject).Long("argument", w => w.Item.Argument)
        .Text("payload", w => w.Item.Payload)
        .Long("due_us", w => w.Item.DueUs, true).Int("attempts", w => w.Attempts, true)
        .Long("lease_until_us", w => w.LeaseUntilUs, true).Text("last_error", w => w.LastError, true);

    public static readonly Table<StoredAnswer> Answers = new Table<StoredAnswer>(
        "idempotency", 2, a => a.Key, (r, i) => new StoredAnswer
        {
            AgentId = r.Guid(i),
            Scope = r.Bytes(i + 1),
            RequestHash = r.Bytes(i + 2),
            Status = r.Int(i + 3),
            Body = r.BytesOrNull(i + 4),
            IsSealed = r.Bool(i + 5),
            CreatedUs = r.Long(i + 6),
        })
        .Uuid("agent_id", a => a.AgentId).Bytes("scope", a => a.Scope).Bytes("request_hash", a => a.RequestHash)
        .Int("status", a => a.Status, true).Bytes("body", a => a.Body, true)
        .Int("is_sealed", a => a.IsSealed ? 1 : 0, true)
        .Long("created_us", a => a.CreatedUs);

    public static readonly Table<ReservedName> Names = new Table<ReservedName>(
        "agent_names", 1, n => n.NameKey, (r, i) =>
            new ReservedName(r.Text(i), r.Guid(i + 1), r.TextOrNull(i + 2)))
    {
        Indexed = new HashSet<string> { "skeleton" },
    }
        .Text("name_key", n => n.NameKey).Uuid("agent_id", n => n.AgentId).Text("skeleton", n => n.Skeleton, true);

    public static readonly Table<ReceivedStripeEvent> StripeEvents = new Table<ReceivedStripeEvent>(
        "stripe_events", 1, e => e.Id, (r, i) =>
            new ReceivedStripeEvent(r.Text(i), r.Text(i + 1), r.Text(i + 2), r.Long(i + 3)))
        .Text("id", e => e.Id).Text("type", e => e.Type).Text("object_id", e => e.ObjectId)
        .Long("received_us", e => e.ReceivedUs);

    public static readonly Table<Setting> Settings = new Table<Setting>(
        "platform", 1, s => s.Key, (r, i) => new Setting(r.Text(i), r.Text(i + 1)))
        .Text("key", s => s.Key).Text("value", s => s.Value, true);

    public static readonly Table<Batch> Batches = new Table<Batch>(
        "batches", 1, b => b.Id, (r, i) => new Batch(
            r.Long(i), r.Bytes(i + 1), r.Long(i + 2), r.BytesOrNull(i + 3)))
        .Long("id", b => b.Id).Bytes("mac", b => b.Mac).Long("at_us", b => b.AtUs)
        .Bytes("subjects", b => b.Subjects);
}
