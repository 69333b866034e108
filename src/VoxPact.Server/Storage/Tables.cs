using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Server.Storage;

/// <summary>The tables whose rows are the domain's: the columns' order is the one that the readers count in.</summary>
internal static partial class Tables
{
    public static readonly Table<Owner> Owners = new Table<Owner>("owners", 1, o => o.Id, (r, i) => new Owner
    {
        Id = r.Guid(i),
        Email = r.Text(i + 1),
        Country = r.TextOrNull(i + 2),
        CustomerId = r.TextOrNull(i + 3),
        DefaultCardId = r.TextOrNull(i + 4),
        AccountId = r.TextOrNull(i + 5),
        PayoutsEnabled = r.Bool(i + 6),
        Available = new Money(r.Long(i + 7)),
        Earnings = new Money(r.Long(i + 8)),
        InTransit = new Money(r.Long(i + 9)),
        TopUpId = r.GuidOrNull(i + 10),
        PayoutScheduled = r.Bool(i + 11),
        CreatedUs = r.Long(i + 12),
        Held = new Money(r.Long(i + 13)),
        Receivable = new Money(r.Long(i + 14)),
        FirstPaidUs = r.LongOrNull(i + 15),
        AssessmentScheduled = r.Bool(i + 16),
        Escrow = new Money(r.Long(i + 17)),
        Lines = r.Long(i + 18),
        SuspendedAgents = r.Int(i + 19),
        EmailConfirmedUs = r.LongOrNull(i + 20),
        FadingScheduled = r.Bool(i + 21),
    })
    {
        Indexed = new HashSet<string> { "customer_id", "account_id" },
    }
        .Uuid("id", o => o.Id).Text("email", o => o.Email, true).Text("country", o => o.Country, true)
        .Text("customer_id", o => o.CustomerId, true).Text("default_card_id", o => o.DefaultCardId, true)
        .Text("account_id", o => o.AccountId, true).Int("payouts_enabled", o => o.PayoutsEnabled ? 1 : 0, true)
        .Long("available_minor", o => o.Available.Minor, true).Long("earnings_minor", o => o.Earnings.Minor, true)
        .Long("in_transit_minor", o => o.InTransit.Minor, true).UuidOrNull("top_up_id", o => o.TopUpId, true)
        .Int("payout_scheduled", o => o.PayoutScheduled ? 1 : 0, true).Long("created_us", o => o.CreatedUs)
        .Long("held_minor", o => o.Held.Minor, true).Long("receivable_minor", o => o.Receivable.Minor, true)
        .LongOrNull("first_paid_us", o => o.FirstPaidUs, true)
        .Int("assessment_scheduled", o => o.AssessmentScheduled ? 1 : 0, true)
        .Long("escrow_minor", o => o.Escrow.Minor, true).Long("statement_lines", o => o.Lines, true)
        .Int("suspended_agents", o => o.SuspendedAgents, true)
        .LongOrNull("email_confirmed_us", o => o.EmailConfirmedUs, true)
        .Int("fading_scheduled", o => o.FadingScheduled ? 1 : 0, true);

    public static readonly Table<Agent> Agents = new Table<Agent>("agents", 1, a => a.Id, (r, i) => new Agent
    {
        Id = r.Guid(i),
        OwnerId = r.Guid(i + 1),
        Name = r.Text(i + 2),
        Status = (AgentStatus)r.Int(i + 3),
        KeyHash = r.Bytes(i + 4),
        PreviousKeyHash = r.BytesOrNull(i + 5),
        KeyGeneration = r.Int(i + 6),
        Description = r.Text(i + 7),
        Capabilities = r.Text(i + 8),
        PerJobMinor = r.LongOrNull(i + 9),
        RateCard = r.TextOrNull(i + 10),
        CheckoutId = r.TextOrNull(i + 11),
        TrustScore = r.Int(i + 12),
        Sequence = r.Int(i + 13),
        CreatedUs = r.Long(i + 14),
        ActivatedUs = r.LongOrNull(i + 15),
        Availability = (Availability)r.Int(i + 16),
        MonthlyLimitMinor = r.LongOrNull(i + 17),
        SpendingMonth = r.Int(i + 18),
        SpentMinor = r.Long(i + 19),
    })
    {
        Indexed = new HashSet<string> { "owner_id", "key_hash", "previous_key_hash", "trust_score", "status" },
    }
        .Uuid("id", a => a.Id).Uuid("owner_id", a => a.OwnerId, true).Text("name", a => a.Name, true)
        .Int("status", a => (int)a.Status, true).Bytes("key_hash", a => a.KeyHash, true)
        .Bytes("previous_key_hash", a => a.PreviousKeyHash, true).Int("key_generation", a => a.KeyGeneration, true)
        .Text("description", a => a.Description, true).Text("capabilities", a => a.Capabilities, true)
        .LongOrNull("per_job_minor", a => a.PerJobMinor, true).Text("rate_card", a => a.RateCard, true)
        .Text("checkout_id", a => a.CheckoutId, true).Int("trust_score", a => a.TrustScore, true)
        .Int("sequence", a => a.Sequence, true).Long("created_us", a => a.CreatedUs)
        .LongOrNull("activated_us", a => a.ActivatedUs, true).Int("availability", a => (int)a.Availability, true)
        .LongOrNull("monthly_limit_minor", a => a.MonthlyLimitMinor, true)
        .Int("spending_month", a => a.SpendingMonth, true).Long("spent_minor", a => a.SpentMinor, true)
        .Text("folded_capabilities", a => StoredJson.Folded(a.Capabilities), true);

    public static readonly Table<AgentKey> Keys = new Table<AgentKey>("agent_keys", 1, k => k.Id, (r, i) => new AgentKey
    {
        Id = r.Guid(i),
        AgentId = r.Guid(i + 1),
        Name = r.Text(i + 2),
        KeyHash = r.Bytes(i + 3),
        Ending = r.Text(i + 4),
        Scopes = (KeyScopes)r.Int(i + 5),
        CreatedUs = r.Long(i + 6),
        ExpiresUs = r.LongOrNull(i + 7),
        Mandate = new Mandate
        {
            PerJobMinor = r.LongOrNull(i + 8),
            PerDayMinor = r.LongOrNull(i + 9),
            ApprovalAboveMinor = r.LongOrNull(i + 10),
            Workers = r.TextOrNull(i + 11),
            Capabilities = r.TextOrNull(i + 12),
        },
        SpendingDay = r.Int(i + 13),
        SpentMinor = r.Long(i + 14),
    })
        .Uuid("id", k => k.Id).Uuid("agent_id", k => k.AgentId).Text("name", k => k.Name, true)
        .Bytes("key_hash", k => k.KeyHash).Text("ending", k => k.Ending).Int("scopes", k => (int)k.Scopes, true)
        .Long("created_us", k => k.CreatedUs).LongOrNull("expires_us", k => k.ExpiresUs, true)
        .LongOrNull("per_job_minor", k => k.Mandate.PerJobMinor, true)
        .LongOrNull("per_day_minor", k => k.Mandate.PerDayMinor, true)
        .LongOrNull("approval_above_minor", k => k.Mandate.ApprovalAboveMinor, true)
        .Text("workers", k => k.Mandate.Workers, true).Text("capabilities", k => k.Mandate.Capabilities, true)
        .Int("spending_day", k => k.SpendingDay, true).Long("spent_minor", k => k.SpentMinor, true);

    public static readonly Table<Approval> Approvals = new Table<Approval>(
        "approvals", 1, a => a.Id, (r, i) => new Approval
        {
            Id = r.Guid(i),
            AgentId = r.Guid(i + 1),
            KeyId = r.Guid(i + 2),
            RequestHash = r.Bytes(i + 3),
            Title = r.Text(i + 4),
            Amount = new Money(r.Long(i + 5)),
            Worker = r.GuidOrNull(i + 6),
            State = (ApprovalState)r.Int(i + 7),
            CreatedUs = r.Long(i + 8),
            ExpiresUs = r.Long(i + 9),
        })
        .Uuid("id", a => a.Id).Uuid("agent_id", a => a.AgentId).Uuid("key_id", a => a.KeyId)
        .Bytes("request_hash", a => a.RequestHash).Text("title", a => a.Title)
        .Long("amount_minor", a => a.Amount.Minor).UuidOrNull("worker", a => a.Worker)
        .Int("state", a => (int)a.State, true).Long("created_us", a => a.CreatedUs)
        .Long("expires_us", a => a.ExpiresUs, true);

    public static readonly Table<Letter> Letters = new Table<Letter>("letters", 1, l => l.Id, (r, i) => new Letter
    {
        Id = r.Guid(i),
        Kind = (LetterKind)r.Int(i + 1),
        OwnerId = r.Guid(i + 2),
        AgentId = r.Guid(i + 3),
        JoinAgentId = r.GuidOrNull(i + 4),
        Address = r.Text(i + 5),
        CreatedUs = r.Long(i + 6),
        SentUs = r.LongOrNull(i + 7),
        UsedUs = r.LongOrNull(i + 8),
    })
        .Uuid("id", l => l.Id).Int("kind", l => (int)l.Kind).Uuid("owner_id", l => l.OwnerId)
        .Uuid("agent_id", l => l.AgentId).UuidOrNull("join_agent_id", l => l.JoinAgentId)
        .Text("address", l => l.Address).Long("created_us", l => l.CreatedUs)
        .LongOrNull("sent_us", l => l.SentUs, true).LongOrNull("used_us", l => l.UsedUs, true);

    public static readonly Table<WebhookEndpoint> Endpoints = new Table<WebhookEndpoint>(
        "webhook_endpoints", 1, e => e.Id, (r, i) => new WebhookEndpoint
        {
            Id = r.Guid(i),
            AgentId = r.Guid(i + 1),
            Url = r.Text(i + 2),
            Description = r.TextOrNull(i + 3),
            Types = r.TextOrNull(i + 4),
            Secret = r.Bytes(i + 5),
            OldSecret = r.BytesOrNull(i + 6),
            OldSecretUntilUs = r.Long(i + 7),
            CreatedUs = r.Long(i + 8),
            SentUpTo = new InboxPlace(r.Long(i + 9), r.Guid(i + 10), r.Int(i + 11)),
            Failures = r.Int(i + 12),
            FailingSinceUs = r.LongOrNull(i + 13),
            RestUntilUs = r.Long(i + 14),
            DisabledUs = r.LongOrNull(i + 15),
            DisabledReason = (EndpointOff?)r.IntOrNull(i + 16),
            LeaseNode = r.Long(i + 17),
            LeaseUntilUs = r.Long(i + 18),
            RestReason = (EndpointRest?)r.IntOrNull(i + 19),
        })
        .Uuid("id", e => e.Id).Uuid("agent_id", e => e.AgentId).Text("url", e => e.Url, true)
        .Text("description", e => e.Description, true).Text("types", e => e.Types, true)
        .Bytes("secret", e => e.Secret, true).Bytes("old_secret", e => e.OldSecret, true)
        .Long("old_secret_until_us", e => e.OldSecretUntilUs, true).Long("created_us", e => e.CreatedUs)
        .Long("position", e => e.SentUpTo.Position, true).Uuid("subject", e => e.SentUpTo.Subject, true)
        .Int("sequence", e => e.SentUpTo.Sequence, true).Int("failures", e => e.Failures, true)
        .LongOrNull("failing_since_us", e => e.FailingSinceUs, true)
        .Long("rest_until_us", e => e.RestUntilUs, true).LongOrNull("disabled_us", e => e.DisabledUs, true)
        .IntOrNull("disabled_reason", e => (int?)e.DisabledReason, true)
        .Long("lease_node", e => e.LeaseNode, true).Long("lease_until_us", e => e.LeaseUntilUs, true)
        .IntOrNull("rest_reason", e => (int?)e.RestReason, true);

    public static readonly Table<Card> Cards = new Table<Card>("cards", 1, c => c.Id, (r, i) => new Card
    {
        Id = r.Text(i),
        OwnerId = r.Guid(i + 1),
        Brand = r.Text(i + 2),
        Last4 = r.Text(i + 3),
        ExpMonth = r.Int(i + 4),
        ExpYear = r.Int(i + 5),
        CreatedUs = r.Long(i + 6),
        IsExpired = r.Bool(i + 7),
    })
        .Text("id", c => c.Id).Uuid("owner_id", c => c.OwnerId).Text("brand", c => c.Brand, true)
        .Text("last4", c => c.Last4, true).Int("exp_month", c => c.ExpMonth, true)
        .Int("exp_year", c => c.ExpYear, true).Long("created_us", c => c.CreatedUs)
        .Int("expired", c => c.IsExpired ? 1 : 0, true);

    public static readonly Table<Job> Jobs = new Table<Job>("jobs", 1, j => j.Id, JobRows.Read)
    {
        Indexed = new HashSet<string> { "worker_agent", "closed" },
    }
        .Uuid("id", j => j.Id).Uuid("buyer_agent", j => j.BuyerAgent).Uuid("buyer_owner", j => j.BuyerOwner)
        .UuidOrNull("worker_agent", j => j.WorkerAgent, true).UuidOrNull("worker_owner", j => j.WorkerOwner, true)
        .Int("is_open", j => j.IsOpen ? 1 : 0, true).Text("title", j => j.Title).Int("state", j => (int)j.State, true)
        .Long("amount_minor", j => j.Amount.Minor, true).Long("escrow_minor", j => j.Escrow.Minor, true)
        .Int("fee_bps", j => j.Fee.Value, true).Int("release_mode", j => (int)j.Release)
        .Int("review_hours", j => j.ReviewHours).Int("max_revisions", j => j.MaxRevisions)
        .Int("submissions", j => j.Submissions, true).Bytes("deliverable_hash", j => j.DeliverableHash, true)
        .IntOrNull("verdict", j => (int?)j.Verdict, true).LongOrNull("deadline_us", j => j.DeadlineUs, true)
        .LongOrNull("due_us", j => j.DueUs, true).LongOrNull("paused_since_us", j => j.PausedSinceUs, true)
        .Int("cancel_requested_by", j => (int)j.CancelRequestedBy, true).IntOrNull("closed", j => (int?)j.Closed, true)
        .Int("sequence", j => j.Sequence, true).Long("created_us", j => j.CreatedUs)
        .LongOrNull("accepted_us", j => j.AcceptedUs, true).LongOrNull("submitted_us", j => j.SubmittedUs, true)
        .LongOrNull("completed_us", j => j.CompletedUs, true).IntOrNull("offer_hours", j => j.OfferHours)
        .UuidOrNull("fallback_agent", j => j.FallbackAgent, true)
        .UuidOrNull("fallback_owner", j => j.FallbackOwner, true)
        .Int("falls_open", j => j.FallsOpen ? 1 : 0, true).LongOrNull("offered_us", j => j.OfferedUs, true)
        .IntOrNull("ruling", j => (int?)j.Ruling, true).Long("ruling_minor", j => j.RulingToWorker.Minor, true)
        .Int("appealed_by", j => (int)j.AppealedBy, true).UuidOrNull("series_id", j => j.Part?.Series)
        .Int("part_number", j => j.Part?.Number ?? 0).Int("part_count", j => j.Part?.Of ?? 0);

    public static readonly Table<JobTerms> Terms =
        new Table<JobTerms>("job_terms", 1, t => t.JobId, (r, i) => new JobTerms
        {
            JobId = r.Guid(i),
            Description = r.Text(i + 1),
            TaskSpec = r.TextOrNull(i + 2),
            Acceptance = r.TextOrNull(i + 3),
            RequiredCapabilities = r.Text(i + 4),
        })
        .Uuid("job_id", t => t.JobId).Text("description", t => t.Description).Text("task_spec", t => t.TaskSpec)
        .Text("acceptance", t => t.Acceptance).Text("required_capabilities", t => t.RequiredCapabilities)
        .Text("folded_capabilities", t => StoredJson.Folded(t.RequiredCapabilities));

    public static readonly Table<Submission> Submissions = new Table<Submission>(
        "submissions", 2, s => (s.JobId, s.Number), (r, i) => new Submission
        {
            JobId = r.Guid(i),
            Number = r.Int(i + 1),
            Deliverable = r.Text(i + 2),
            Hash = r.Bytes(i + 3),
            Message = r.TextOrNull(i + 4),
            CreatedUs = r.Long(i + 5),
            Outcome = (VerdictOutcome?)r.IntOrNull(i + 6),
            Verdict = r.TextOrNull(i + 7),
            JudgedUs = r.LongOrNull(i + 8),
            Fingerprint = r.LongOrNull(i + 9),
            Files = r.TextOrNull(i + 10),
        })
        .Uuid("job_id", s => s.JobId).Int("number", s => s.Number).Text("deliverable", s => s.Deliverable)
        .Bytes("hash", s => s.Hash).Text("message", s => s.Message).Long("created_us", s => s.CreatedUs)
        .IntOrNull("outcome", s => (int?)s.Outcome, true).Text("verdict", s => s.Verdict, true)
        .LongOrNull("judged_us", s => s.JudgedUs, true).LongOrNull("fingerprint", s => s.Fingerprint, true)
        .Text("files", s => s.Files);

    public static readonly Table<DeliveredWork> Delivered = new Table<DeliveredWork>(
        "delivered_works", 2, d => d.Key, (r, i) => new DeliveredWork
        {
            Worker = r.Guid(i),
            Print = r.Bytes(i + 1),
            JobId = r.Guid(i + 2),
            BuyerOwner = r.Guid(i + 3),
            Task = r.Bytes(i + 4),
            AtUs = r.Long(i + 5),
        })
        .Uuid("worker_agent", d => d.Worker).Bytes("print", d => d.Print).Uuid("job_id", d => d.JobId)
        .Uuid("buyer_owner", d => d.BuyerOwner).Bytes("task", d => d.Task).Long("at_us", d => d.AtUs);

    public static readonly Table<Recommendation> Recommendations = new Table<Recommendation>(
        "recommendations", 2, a => (a.JobId, a.Sequence), (r, i) => new Recommendation
        {
            JobId = r.Guid(i),
            Sequence = r.Int(i + 1),
            Text = r.Text(i + 2),
            CreatedUs = r.Long(i + 3),
        })
        .Uuid("job_id", a => a.JobId).Int("sequence", a => a.Sequence).Text("recommendation", a => a.Text)
        .Long("created_us", a => a.CreatedUs);

    public static readonly Table<JudgingCall> JudgingCalls = new Table<JudgingCall>(
        "judging_calls", 2, c => (c.JobId, c.Id), (r, i) => new JudgingCall
        {
            JobId = r.Guid(i),
            Id = r.Guid(i + 1),
            Judge = r.Text(i + 2),
            Tokens = r.Long(i + 3),
            CostMicros = r.Long(i + 4),
            CreatedUs = r.Long(i + 5),
        })
        .Uuid("job_id", c => c.JobId).Uuid("id", c => c.Id).Text("judge", c => c.Judge).Long("tokens", c => c.Tokens)
        .Long("cost_micros", c => c.CostMicros).Long("created_us", c => c.CreatedUs);

    public static readonly Table<JobNote> Notes = new Table<JobNote>(
        "job_notes", 2, n => (n.JobId, n.Sequence), (r, i) => new JobNote
        {
            JobId = r.Guid(i),
            Sequence = r.Int(i + 1),
            Text = r.Text(i + 2),
        })
        .Uuid("job_id", n => n.JobId).Int("sequence", n => n.Sequence).Text("note", n => n.Text);

    public static readonly Table<Evidence> Evidence = new Table<Evidence>(
        "evidence", 2, e => (e.JobId, e.Id), (r, i) => new Evidence
        {
            JobId = r.Guid(i),
            Id = r.Guid(i + 1),
            Agent = r.Guid(i + 2),
            Text = r.Text(i + 3),
            Files = r.Text(i + 4),
            CreatedUs = r.Long(i + 5),
        })
        .Uuid("job_id", e => e.JobId).Uuid("id", e => e.Id).Uuid("agent_id", e => e.Agent)
        .Text("evidence", e => e.Text).Text("files", e => e.Files).Long("created_us", e => e.CreatedUs);

    public static readonly Table<CounterOffer> CounterOffers = new Table<CounterOffer>(
        "counter_offers", 1, c => c.JobId, (r, i) => new CounterOffer
        {
            JobId = r.Guid(i),
            Worker = r.Guid(i + 1),
            Amount = new Money(r.Long(i + 2)),
            Message = r.TextOrNull(i + 3),
            DeadlineUs = r.LongOrNull(i + 4),
            CreatedUs = r.Long(i + 5),
        })
        .Uuid("job_id", c => c.JobId).Uuid("worker", c => c.Worker, true)
        .Long("amount_minor", c => c.Amount.Minor, true).Text("message", c => c.Message, true)
        .LongOrNull("deadline_us", c => c.DeadlineUs, true).Long("created_us", c => c.CreatedUs, true);

    public static readonly Table<Message> Messages = new Table<Message>(
        "messages", 2, m => (m.JobId, m.Id), (r, i) => new Message
        {
            JobId = r.Guid(i),
            Id = r.Guid(i + 1),
            Sender = r.Guid(i + 2),
            Type = r.Text(i + 3),
            Content = r.Text(i + 4),
            CreatedUs = r.Long(i + 5),
        })
        .Uuid("job_id", m => m.JobId).Uuid("id", m => m.Id).Uuid("sender", m => m.Sender).Text("type", m => m.Type)
        .Text("content", m => m.Content).Long("created_us", m => m.CreatedUs);

    public static readonly Table<JobReview> Reviews = new Table<JobReview>(
        "reviews", 2, r => (r.JobId, r.Reviewer), (r, i) => new JobReview
        {
            JobId = r.Guid(i),
            Reviewer = r.Guid(i + 1),
            Subject = r.Guid(i + 2),
            Rating = r.Int(i + 3),
            Comment = r.TextOrNull(i + 4),
            CreatedUs = r.Long(i + 5),
        })
        .Uuid("job_id", r => r.JobId).Uuid("reviewer", r => r.Reviewer).Uuid("subject", r => r.Subject)
        .Int("rating", r => r.Rating).Text("comment", r => r.Comment).Long("created_us", r => r.CreatedUs);

    public static readonly Table<JobFile> Files = new Table<JobFile>(
        "files", 2, f => (f.JobId, f.Id), (r, i) => new JobFile
        {
            JobId = r.Guid(i),
            Id = r.Guid(i + 1),
            Uploader = r.Guid(i + 2),
            Purpose = r.Text(i + 3),
            Name = r.Text(i + 4),
            ContentType = r.Text(i + 5),
            Bytes = r.Long(i + 6),
            State = (FileState)r.Int(i + 7),
            Sha256 = r.TextOrNull(i + 8),
            CreatedUs = r.Long(i + 9),
        })
        .Uuid("job_id", f => f.JobId).Uuid("id", f => f.Id).Uuid("uploader", f => f.Uploader)
        .Text("purpose", f => f.Purpose).Text("name", f => f.Name).Text("content_type", f => f.ContentType)
        .Long("bytes", f => f.Bytes).Int("state", f => (int)f.State, true).Text("sha256", f => f.Sha256, true)
        .Long("created_us", f => f.CreatedUs);

    public static readonly Table<TrustStep> TrustSteps = new Table<TrustStep>(
        "trust_changes", 2, t => (t.AgentId, t.AtUs), (r, i) =>
            new TrustStep(r.Guid(i), r.Long(i + 1), r.Int(i + 2), r.Int(i + 3), r.Text(i + 4)))
        .Uuid("agent_id", t => t.AgentId).Long("at_us", t => t.AtUs).Int("score_before", t => t.Before)
        .Int("score_after", t => t.After).Text("reason", t => t.Reason);

    public static readonly Table<PaidOnce> Paid = new Table<PaidOnce>(
        "payments", 2, p => (p.Payer, p.Worker), (r, i) => new PaidOnce(r.Guid(i), r.Guid(i + 1)))
    {
        MayExist = true,
    }
        .Uuid("payer_owner", p => p.Payer).Uuid("worker_owner", p => p.Worker);

    public static readonly Table<AgentPage> Pages = new Table<AgentPage>(
        "agent_pages", 1, p => p.AgentId, (r, i) => new AgentPage { AgentId = r.Guid(i), Words = r.Text(i + 1) })
        .Uuid("agent_id", p => p.AgentId).Text("words", p => p.Words, true);

    public static readonly Table<Bid> Bids = new Table<Bid>("bids", 1, b => b.Id, (r, i) => new Bid
    {
        Id = r.Guid(i),
        JobId = r.Guid(i + 1),
        Bidder = r.Guid(i + 2),
        BidderOwner = r.Guid(i + 3),
        Amount = new Money(r.Long(i + 4)),
        Message = r.TextOrNull(i + 5),
        EstimatedHours = r.IntOrNull(i + 6),
        State = (BidState)r.Int(i + 7),
        CreatedUs = r.Long(i + 8),
    })
        .Uuid("id", b => b.Id).Uuid("job_id", b => b.JobId).Uuid("bidder", b => b.Bidder)
        .Uuid("bidder_owner", b => b.BidderOwner).Long("amount_minor", b => b.Amount.Minor, true)
        .Text("message", b => b.Message, true).IntOrNull("estimated_hours", b => b.EstimatedHours, true)
        .Int("state", b => (int)b.State, true).Long("created_us", b => b.CreatedUs, true);
}
