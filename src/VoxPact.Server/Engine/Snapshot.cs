using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Engine;

/// <summary>The rows of one batch in memory: loaded once, decided on in order, written once.</summary>
internal sealed class Snapshot
{
    public Shelf<Owner> Owners { get; } = new(Tables.Owners);
    public Shelf<Agent> Agents { get; } = new(Tables.Agents);
    public Shelf<AgentKey> Keys { get; } = new(Tables.Keys);
    public Shelf<Approval> Approvals { get; } = new(Tables.Approvals);
    public Shelf<Letter> Letters { get; } = new(Tables.Letters);
    public Shelf<ReservedName> Names { get; } = new(LogTables.Names);
    public Shelf<Card> Cards { get; } = new(Tables.Cards);
    public Shelf<Job> Jobs { get; } = new(Tables.Jobs);
    public Shelf<JobTerms> Terms { get; } = new(Tables.Terms);
    public Shelf<JobPart> Parts { get; } = new(Tables.Parts);
    public Shelf<OpenListing> OpenListings { get; } = new(Tables.OpenListings);
    public Shelf<OpenDispute> OpenDisputes { get; } = new(Tables.OpenDisputes);
    public Shelf<FundingRequest> FundingRequests { get; } = new(Tables.FundingRequests);
    public Shelf<Submission> Submissions { get; } = new(Tables.Submissions);
    public Shelf<Recommendation> Recommendations { get; } = new(Tables.Recommendations);
    public Shelf<JudgingCall> JudgingCalls { get; } = new(Tables.JudgingCalls);
    public Shelf<JobNote> Notes { get; } = new(Tables.Notes);
    public Shelf<DeliveredWork> Delivered { get; } = new(Tables.Delivered);
    public Shelf<Bid> Bids { get; } = new(Tables.Bids);
    public Shelf<CounterOffer> CounterOffers { get; } = new(Tables.CounterOffers);
    public Shelf<Evidence> Evidence { get; } = new(Tables.Evidence);
    public Shelf<Message> Messages { get; } = new(Tables.Messages);
    public Shelf<JobReview> Reviews { get; } = new(Tables.Reviews);
    public Shelf<JobFile> Files { get; } = new(Tables.Files);
    public Shelf<TrustStep> TrustSteps { get; } = new(Tables.TrustSteps);
    public Shelf<PaidOnce> Paid { get; } = new(Tables.Paid);
    public Shelf<AgentPage> Pages { get; } = new(Tables.Pages);
    public Shelf<Operation> Operations { get; } = new(Tables.Operations);
    public Shelf<LoggedEntry> Entries { get; } = new(LogTables.Entries);
    public Shelf<AccountLine> Lines { get; } = new(LogTables.Lines);
    public Shelf<LoggedFact> Facts { get; } = new(LogTables.Facts);
    public Shelf<InboxEntry> Inbox { get; } = new(LogTables.Inbox);
    public Shelf<WebhookEndpoint> Endpoints { get; } = new(Tables.Endpoints);
    public Shelf<Delivery> Deliveries { get; } = new(LogTables.Deliveries);
    public Shelf<DeadDelivery> DeadDeliveries { get; } = new(LogTables.DeadDeliveries);
    public Shelf<WebhookAttempt> Attempts { get; } = new(LogTables.Attempts);
    public Shelf<StoredWork> Work { get; } = new(LogTables.Work);
    public Shelf<StoredAnswer> Answers { get; } = new(LogTables.Answers);
    public Shelf<ReceivedStripeEvent> StripeEvents { get; } = new(LogTables.StripeEvents);
    public Shelf<Setting> Settings { get; } = new(LogTables.Settings);

    /// <summary>All shelves in the order in which they are written.</summary>
    public IReadOnlyList<Shelf> Shelves { get; }

    /// <summary>Work that the load claimed for this node, already leased.</summary>
    public List<StoredWork> ClaimedWork { get; } = [];

    /// <summary>How many old rows of one kind have gone at most.</summary>
    public int Forgotten { get; set; }

    public Snapshot() => Shelves =
    [
        Owners, Agents, Keys, Approvals, Letters, Names, Cards, Jobs, Terms, Parts, OpenListings, OpenDisputes,
        FundingRequests, Submissions, Delivered, Recommendations, JudgingCalls, Notes, Bids, CounterOffers, Evidence,
        Operations, Messages, Reviews, Files, TrustSteps, Paid, Pages, Entries, Lines, Facts, Inbox, Endpoints,
        Deliveries, DeadDeliveries, Attempts, Work, Answers, StripeEvents, Settings,
    ];

    public bool HasChanges
    {
        get
        {
            foreach (var shelf in Shelves)
                if (shelf.HasChanges) return true;
            return false;
        }
    }

    public Agent? AgentByKey(byte[] keyHash)
    {
        if (NamedKey(keyHash) is { } named) return Agents.Find(named.AgentId);
        foreach (var agent in Agents.Rows)
            if (agent.KeyHash.AsSpan().SequenceEqual(keyHash)) return agent;
        return null;
    }

    /// <summary>Whether another agent has the name, or one that looks like it.</summary>
    public bool IsNameTaken(string nameKey, string skeleton, Guid agent)
    {
        foreach (var name in Names.Rows)
            if (name.AgentId != agent && (name.NameKey == nameKey || name.Skeleton == skeleton)) return true;
        return false;
    }

    /// <summary>The named key with this hash; nothing for an agent's own.</summary>
    public AgentKey? NamedKey(byte[] keyHash)
    {
        if (!ApiKey.IsNamed(keyHash)) return null;
        foreach (var key in Keys.Rows)
            if (key.KeyHash.AsSpan().SequenceEqual(keyHash)) return key;
        return null;
    }

    public Agent? AgentByKilledKey(byte[] keyHash)
    {
        foreach (var agent in Agents.Rows)
            if (agent.PreviousKeyHash is { } previous && previous.AsSpan().SequenceEqual(keyHash)) return agent;
        return null;
    }

    public IReadOnlyList<Bid> BidsOf(Guid job) => [.. Bids.Rows.Where(bid => bid.JobId == job).OrderBy(bid => bid.Id)];

    /// <summary>Makes a decision part of what will be written; a later command of the batch sees it.</summary>
    public void Apply(Decision decision, IReadOnlyList<Row> log, long nowUs, long batch)
    {
        var balances = new Balances(this);
        foreach (var row in decision.Rows) Put(row);
        foreach (var row in log) Put(row);
        foreach (var entry in decision.Entries)
        {
            balances.Apply(entry);
            Entries.Apply(new LoggedEntry(entry, batch), RowChange.Insert);
        }
        foreach (var fact in decision.Facts) Tell(fact, nowUs, batch);
        foreach (var item in decision.Work)
            Work.Apply(new StoredWork { Id = Id.New(nowUs), Item = item }, RowChange.Insert);
    }

    private void Tell(Fact fact, long nowUs, long batch)
    {
        Facts.Apply(new LoggedFact(
            fact.Subject, fact.Sequence, Id.New(nowUs), (int)fact.Type, fact.AtUs, FactJson.Write(fact.Data), batch),
            RowChange.Insert);
        foreach (var agent in fact.Recipients)
            Inbox.Apply(new InboxEntry(agent, new InboxPlace(batch, fact.Subject, fact.Sequence)), RowChange.Insert);
    }

    private void Put(Row row)
    {
        switch (row.Value)
        {
            case Job job: Jobs.Apply(job, row.Change); break;
            case Owner owner: Owners.Apply(owner, row.Change); break;
            case Agent agent: Agents.Apply(agent, row.Change); break;
            case AgentKey key: Keys.Apply(key, row.Change); break;
            case Approval approval: Approvals.Apply(approval, row.Change); break;
            case Letter letter: Letters.Apply(letter, row.Change); break;
            case Submission submission: Submissions.Apply(submission, row.Change); break;
            case DeliveredWork work: Delivered.Apply(work, row.Change); break;
            case Recommendation advice: Recommendations.Apply(advice, row.Change); break;
            case JudgingCall call: JudgingCalls.Apply(call, row.Change); break;
            case JobNote note: Notes.Apply(note, row.Change); break;
            case Bid bid: Bids.Apply(bid, row.Change); break;
            case CounterOffer offer: CounterOffers.Apply(offer, row.Change); break;
            case Evidence evidence: Evidence.Apply(evidence, row.Change); break;
            case Message message: Messages.Apply(message, row.Change); break;
            case JobReview review: Reviews.Apply(review, row.Change); break;
            case JobFile file: Files.Apply(file, row.Change); break;
            case TrustStep step: TrustSteps.Apply(step, row.Change); break;
            case PaidOnce paid: Paid.Apply(paid, row.Change); break;
            case AgentPage page: Pages.Apply(page, row.Change); break;
            case JobTerms terms: Terms.Apply(terms, row.Change); break;
            case JobPart part: Parts.Apply(part, row.Change); break;
            case OpenListing listing: OpenListings.Apply(listing, row.Change); break;
            case OpenDispute dispute: OpenDisputes.Apply(dispute, row.Change); break;
            case FundingRequest request: FundingRequests.Apply(request, row.Change); break;
            case Operation operation: Operations.Apply(operation, row.Change); break;
            case Card card: Cards.Apply(card, row.Change); break;
            case ReservedName name: Names.Apply(name, row.Change); break;
            case StoredWork item: Work.Apply(item, row.Change); break;
            case WebhookEndpoint endpoint: Endpoints.Apply(endpoint, row.Change); break;
            case WebhookAttempt attempt: Attempts.Apply(attempt, row.Change); break;
            case Delivery delivery: Deliveries.Apply(delivery, row.Change); break;
            case DeadDelivery dead: DeadDeliveries.Apply(dead, row.Change); break;
            case StoredAnswer answer: Answers.Apply(answer, row.Change); break;
            case ReceivedStripeEvent told: StripeEvents.Apply(told, row.Change); break;
            case Setting setting: Settings.Apply(setting, row.Change); break;
            default: throw new InvalidOperationException($"No table stores a {row.Value.GetType().Name}.");
        }
    }
}
