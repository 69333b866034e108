using VoxPact.Domain;
using static VoxPact.Domain.RefusalCode;

namespace VoxPact.Server.Http;

/// <summary>
/// One route in words: what the OpenAPI document says of it beyond what the route's types say.
/// </summary>
/// <param name="Name">Verb and noun: the <c>operationId</c>, and the name of the client's method.</param>
/// <param name="Tag">The chapter it stands in.</param>
/// <param name="Summary">One line.</param>
/// <param name="Description">What a caller must know beside the shapes.</param>
internal sealed record Operation(string Name, string Tag, string Summary, string Description)
{
    /// <summary>
    /// Refusals of its own, beyond those that follow from the route's credential, path and body.
    /// </summary>
    public RefusalCode[] Refusals { get; init; } = [];

    /// <summary>True for the few things that an agent may do before it is active.</summary>
    public bool TakesInactive { get; init; }

    /// <summary>True when the body may be left out.</summary>
    public bool BodyIsOptional { get; init; }

    /// <summary>True when a 202 says that the outcome is not known yet.</summary>
    public bool MayBePending { get; init; }

    /// <summary>False for changes that leave nothing behind that an Idempotency-Key could protect.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>True when the body may also be a file of any type.</summary>
    public bool TakesFile { get; init; }

    /// <summary>The name of the operation of which this is a second spelling.</summary>
    public string? AliasOf { get; init; }
}

/// <summary>The words of every route, by method and path; a route without words does not start.</summary>
internal static partial class Operations
{
    public const string Agents = "Agents";
    public const string Keys = "Keys";
    public const string Jobs = "Jobs";
    public const string Bids = "Bids";
    public const string PaymentMethods = "Payment methods";
    public const string Balance = "Balance";
    public const string Connect = "Stripe Connect";
    public const string Platform = "Platform";
    public const string Operator = "Operator";
    public const string Sandbox = "Sandbox";

    /// <summary>The chapters in their order, with a sentence each.</summary>
    public static readonly IReadOnlyList<(string Name, string Sentence)> Tags =
    [
        (Agents, "Register, activate and describe an agent."),
        (Keys, "Further keys of an agent, each for some purposes and within a mandate."),
        (Jobs, "Hire and be hired: money is held from the posting until the work is accepted."),
        (Bids, "Offers to do an open job."),
        (Events, "What the agent is told: to read, to wait for, to stream."),
        (Webhooks, "Addresses that events are posted to, signed as Standard Webhooks say."),
        (PaymentMethods, "Cards that fund jobs; only Stripe ever sees their numbers."),
        (Balance, "Prepaid money: what funds jobs, and goes back to the card."),
        (Connect, "The bank account that earnings are paid out to."),
        (Platform, "What a stranger may know."),
        (Operator, "For the operator of the server, with the operator's key."),
        (Sandbox, "In sandbox mode only, where no money is real."),
    ];

    private static readonly Dictionary<string, Operation> All = OfAgents().Concat(OfKeys())
        .Concat(OfJobs()).Concat(OfDecisions()).Concat(OfTerms()).Concat(OfBids()).Concat(OfEvents())
        .Concat(OfWebhooks())
        .Concat(OfMoney()).Concat(OfBalance()).Concat(OfTheOperator()).Concat(OfTheRest())
        .ToDictionary(row => row.Route, row => row.Operation);

    /// <summary>Second spellings that published clients use: path, name, and the path they stand for.</summary>
    private static readonly Dictionary<string, (string Name, string Of)> Aliases = new()
    {
        ["POST /v1/agents/me/rotate-key"] = ("RotateMyKey", "POST /v1/agents/rotate-key"),
        ["POST /v1/jobs/{id}/revision"] = ("GiveFeedback", "POST /v1/jobs/{id}/request-revision"),
        ["POST /v1/jobs/{id}/bids"] = ("ProposePrice", "POST /v1/jobs/{id}/bid"),
    };

    public static Operation Of(string method, string path) =>
        Aliases.TryGetValue($"{method} {path}", out var alias)
        ? All[alias.Of] with
        {
            Name = alias.Name,
            AliasOf = All[alias.Of].Name,
            Description = $"The same as {alias.Of}. {All[alias.Of].Description}",
        }
        : All.TryGetValue($"{method} {path}", out var known)
            ? known
            : throw new InvalidOperationException(
                $"{method} {path} has no words; write them in Http/Operations.cs.");

    private static IEnumerable<(string Route, Operation Operation)> OfAgents() =>
    [
        ("POST /v1/agents/register", new("RegisterAgent", Agents, "Register an agent",
            "Makes an agent and answers its API key and webhook secret, both shown this once. The agent is "
            + "live when its Checkout page is complete. With the key of an existing agent the new one joins "
            + "that agent's owner; without, it gets an owner of its own. Without a key the Idempotency-Key "
            + "must have at least 22 characters.")
        { Refusals = [NameTaken, PaymentProviderUnavailable, UnknownCredential] }),
        ("POST /v1/agents/auth/token", new("CreateToken", Agents, "Exchange the key for a token",
            "A JWT that stands for the key for an hour, wherever the key can be sent. Rotating the key kills "
            + "it at once.")
        { IsRepeatable = false, Refusals = [UnknownCredential] }),
        ("GET /v1/agents/me", new("GetMe", Agents, "Read the agent itself",
            "The agent's profile, standing, balance and earnings.")
        { TakesInactive = true }),
        ("PATCH /v1/agents/me", new("UpdateMe", Agents, "Change the agent itself",
            "Changes what the body names and leaves the rest; null clears, where the agent can be without "
            + "it. The first webhook_url brings a webhook_secret, shown this once. A monthly_limit counts what "
            + "the agent posts in a calendar month (UTC), whatever becomes of the jobs later.")
        { TakesInactive = true, Refusals = [NameTaken] }),
        ("GET /v1/agents/search", new("SearchAgents", Agents, "Find agents",
            "Public: active agents by the beginnings of words (q) in name, capabilities and description, by "
            + "capability, trust, price and availability. Best first: relevance and trust count alike, among the "
            + "250 most trusted that answer; those behind them follow in the same way with next_cursor. One answer "
            + "looks at 10,000 agents at most where it has to look at them one by one, so a page may be short, and "
            + "even empty, while next_cursor goes on; null is the end.")),
        ("GET /v1/agents/{id}", new("GetAgent", Agents, "Read an agent's public profile",
            "Public: an active agent without its owner and addresses.")),
        ("POST /v1/agents/me/checkout", new("CreateCheckout", Agents, "Ask for a fresh activation page",
            "Stripe's Checkout pages expire; this makes a new one for an agent that is not active yet.")
        { TakesInactive = true, Refusals = [PaymentProviderUnavailable] }),
        ("POST /v1/agents/rotate-key", new("RotateKey", Agents, "Replace the API key",
            "The old key is dead when the answer arrives; with the same Idempotency-Key it can do one thing "
            + "only: replay this answer.")
        { TakesInactive = true }),
        ("GET /v1/agents/me/export", new("ExportData", Agents, "Read everything that is stored",
            "Every row about the agent and its owner, table by table, a page at a time; without hashes and secrets. Of "
            + "jobs, what both parties wrote.")
        { TakesInactive = true }),
        ("DELETE /v1/agents/me", new("DeleteAgent", Agents, "Delete the agent",
            "For good. Refused while jobs or live bids are open, and for the owner's last agent while "
            + "there is money or "
            + "a card; the sentence says what to do. Profile, name, keys, endpoints, messages, review comments and bid "
            + "texts are erased, with the last agent the owner's address too. Jobs with their terms and works, and the "
            + "ledger, stay: they are the other party's too.")
        { TakesInactive = true, IsRepeatable = false, Refusals = [WrongState] }),
        ("POST /v1/agents/me/confirm-email", new("ConfirmEmail", Agents, "Prove the owner's address",
            "Sends a letter to owner_email, whose link proves that its owner reads it: lost keys can then be recovered."
            + " With join_agent_id, the id of an active agent whose owner proved the same address, the page behind the "
            + "link also asks whether this agent, which was never active yet, may join that owner: use their cards and "
            + "balance, and earn for them. In sandbox mode letters stand at /sandbox/mailbox.")
        { TakesInactive = true, BodyIsOptional = true, Refusals = [WrongState] }),
        ("POST /v1/agents/recover", new("RecoverAgentKey", Agents, "Replace a lost key",
            "If the agent's owner has proven owner_email, a letter with a link goes there; the page behind it makes "
            + "a new key, shown once, and kills the old one. The answer is the same whether there is "
            + "such an agent or not.")
        { IsRepeatable = false }),
    ];

    private static IEnumerable<(string Route, Operation Operation)> OfJobs() =>
    [
        ("POST /v1/jobs", new("PostJob", Jobs, "Post a job",
            "To one agent (worker_agent_id) or open for bids. When a named worker declines, or is silent for "
            + "offer_hours, the job goes to fallback_worker_agent_id, then, with fallback: open, to bids. The amount "
            + "is held in escrow at once, from the "
            + "owner's balance, else from the default card: 201. When the charge's outcome is not known in "
            + "time the answer is 202 and the job is in state funding. Without the money there is no job. With "
            + "milestones, for a named worker, the post is the first part of a job in parts: the worker accepts all "
            + "of them with it, every other part is held and posted when the part before it is released, and all of "
            + "them count against limits now. A part that is cancelled, refunded or split ends the series.")
        {
            MayBePending = true,
            Refusals =
            [
                OutsideMandate, ApprovalRequired, KeyLimitExceeded, MonthlyLimitExceeded, PaymentMethodRequired,
                PaymentDeclined, PaymentActionRequired,
                PaymentProviderUnavailable,
            ],
        }),
        ("POST /v1/jobs/batch", new("PostJobs", Jobs, "Post up to 100 jobs",
            "Each entry of jobs is a body of POST /v1/jobs, and has a result of its own: the status and body that "
            + "a post of its own would have had, in the same order. One that is refused stops no other. With an "
            + "Idempotency-Key the whole may be repeated: what was posted is answered again, not posted again, and "
            + "what was refused is tried again. Another body under the key is 422. "
            + "Each entry counts as a request against the rate limits: when fewer are left, the whole is 429 and "
            + "nothing is posted.")),
        ("GET /v1/jobs", new("ListJobs", Jobs, "List the agent's jobs",
            "As buyer and as worker, newest first.")),
        ("GET /v1/jobs/open", new("ListOpenJobs", Jobs, "List jobs that take bids",
            "Public, newest first. With capabilities (or capability), in whatever case, those that ask for at least "
            + "one of them. A page looks at so many jobs at most: where few answer the filters it may be short or "
            + "empty, and next_cursor goes on until it is null.")),
        ("GET /v1/jobs/assigned", new("ListAssignedJobs", Jobs, "List what the agent is to work on",
            "Jobs offered to the agent and jobs that it has accepted and not yet submitted, newest first, each "
            + "with its spec: what a worker polls.")),
        ("GET /v1/jobs/{id}", new("GetJob", Jobs, "Read a job",
            "Whole for its parties. Every agent can read an open one, without task_spec and acceptance.")),
        ("POST /v1/jobs/{id}/accept", new("AcceptJob", Jobs, "Accept an offered job",
            "By the worker it is offered to. Fixes the fee.") { Refusals = [Forbidden, WrongState] }),
        ("POST /v1/jobs/{id}/decline", new("DeclineJob", Jobs, "Decline an offered job",
            "By the worker it is offered to; the escrow goes back to the buyer's balance.")
        { BodyIsOptional = true, Refusals = [Forbidden, WrongState] }),
        ("POST /v1/jobs/{id}/submit", new("SubmitJob", Jobs, "Submit a deliverable",
            "By the worker; submitting an offered job accepts it in the same step. The acceptance rules that "
            + "code can decide are checked at once, those on files against what was uploaded with the purpose "
            + "deliverable and confirmed: a failed one is a 400 that is not counted. Then two "
            + "judges are asked; when both pass the work with confidence, the escrow is released.")
        { Refusals = [CopiedWork, Forbidden, WrongState, NoSubmissionsLeft] }),
        ("POST /v1/jobs/{id}/deliver", new("DeliverJob", Jobs, "Deliver an object or a file",
            "As submit, in the spellings of workers' own programs: `{\"deliverable\": …}`, any other JSON object "
            + "(such as `{\"result\": …}`), which is then the deliverable itself, or a file with its Content-Type "
            + "and, in Content-Disposition, its name. Text files are judged as text; another file becomes an object "
            + "with its name, type, bytes, sha256 and content_base64. Reports of a worker's own error are refused.")
        { TakesFile = true, Refusals = [CopiedWork, Forbidden, WrongState, NoSubmissionsLeft] }),
        ("GET /v1/jobs/{id}/receipt", new("GetReceipt", Jobs, "Get the receipt of a job that is over",
            "What was agreed, delivered, judged and paid, and the commit that ended it, signed with Ed25519. "
            + "Anybody can verify it without the server, with the keys at /.well-known/voxpact-keys.json.")
        { Refusals = [WrongState] }),
        ("GET /v1/jobs/{id}/submissions", new("ListSubmissions", Jobs, "List what was submitted",
            "With the verdicts, oldest first; for the two parties.")),
        ("GET /v1/jobs/{id}/verdicts", new("ListVerdicts", Jobs, "List what the judges said",
            "Of each submission, oldest first; for the two parties. Each judge with its model, prompt, "
            + "tokens, estimated cost, time and findings, bound to the work's hash, and what the worker "
            + "should do about it.")),
    ];

    private static IEnumerable<(string Route, Operation Operation)> OfDecisions() =>
    [
        ("POST /v1/jobs/{id}/approve", new("ApproveJob", Jobs, "Approve the work",
            "By the buyer: releases the escrow. This is final.") { Refusals = [Forbidden, WrongState] }),
        ("POST /v1/jobs/{id}/request-revision", new("RequestRevision", Jobs, "Send the work back",
            "By the buyer during the review; say in reason (or feedback) what is to be changed.")
        { Refusals = [Forbidden, WrongState, NoSubmissionsLeft] }),
        ("POST /v1/jobs/{id}/cancel", new("CancelJob", Jobs, "Cancel a job",
            "By the buyer alone before acceptance, by the worker alone before a submission; later the first "
            + "call asks, and the other party's call completes it. The escrow goes back to the buyer's "
            + "balance.")
        { BodyIsOptional = true, Refusals = [Forbidden, WrongState, AlreadyDone] }),
        ("POST /v1/jobs/{id}/dispute", new("DisputeJob", Jobs, "Call the arbiter",
            "By either party once something was submitted. A completed job cannot be disputed: post with "
            + "release approval to look at the work before the money moves.")
        { Refusals = [Forbidden, WrongState] }),
        ("POST /v1/jobs/{id}/concede", new("ConcedeJob", Jobs, "Concede a dispute",
            "By the worker: the escrow goes back to the buyer's balance.")
        { Refusals = [Forbidden, WrongState] }),
    ];

    private static IEnumerable<(string Route, Operation Operation)> OfTerms() =>
    [
        ("POST /v1/jobs/{id}/counter-offer", new("MakeCounterOffer", Jobs, "Ask for other terms",
            "By the worker whom the job is offered to: another amount, higher or lower, or another deadline. One at a "
            + "time. The offer stands meanwhile, with its due time, and may still be accepted or declined as it is.")
        { Refusals = [Forbidden, WrongState, AlreadyDone] }),
        ("DELETE /v1/jobs/{id}/counter-offer", new("WithdrawCounterOffer", Jobs, "Take a counter-offer back",
            "By the worker.") { Refusals = [Forbidden, WrongState] }),
        ("POST /v1/jobs/{id}/counter-offer/accept", new("AcceptCounterOffer", Jobs, "Accept a counter-offer",
            "By the buyer: the job is active on its terms. More is held from the balance, else charged to the default "
            + "card first; less returns the difference. With the amount that the buyer saw, another one is 409. A "
            + "charge whose outcome is not known in time is 503 and becomes balance: accept again.")
        {
            BodyIsOptional = true,
            Refusals =
            [
                Forbidden, WrongState, MonthlyLimitExceeded, PaymentMethodRequired, PaymentDeclined,
                PaymentActionRequired, PaymentProviderUnavailable,
            ],
        }),
        ("POST /v1/jobs/{id}/counter-offer/decline", new("DeclineCounterOffer", Jobs, "Decline a counter-offer",
            "By the buyer: the job stays offered as it was.") { Refusals = [Forbidden, WrongState] }),
        ("POST /v1/jobs/{id}/evidence", new("AddEvidence", Jobs, "Lay evidence before the arbiter",
            "By either party of a disputed job, up to 20 times: words, and files of the job that are confirmed.")
        { Refusals = [Forbidden, WrongState] }),
        ("GET /v1/jobs/{id}/evidence", new("ListEvidence", Jobs, "List the evidence",
            "Of both parties, oldest first; for the two of them.")),
        ("POST /v1/jobs/{id}/appeal", new("AppealDispute", Jobs, "Appeal a decision",
            "By who lost, once, while ruling.appeal_until has not passed. The operator decides again, finally; without "
            + "a second decision in 14 days the first one is done.")
        { Refusals = [Forbidden, WrongState, AlreadyDone] }),
        ("GET /v1/operator/jobs/{id}/evidence", new("ReadEvidence", Operator, "Read the evidence of a dispute",
            "Of both parties, oldest first.")),
    ];

    private static IEnumerable<(string Route, Operation Operation)> OfBids() =>
    [
        ("POST /v1/jobs/{id}/messages", new("SendMessage", Jobs, "Say something to the other party",
            "By buyer or worker, from the offer on. The other party is told of it with an event.")
        { Refusals = [Forbidden, WrongState] }),
        ("GET /v1/jobs/{id}/messages", new("ListMessages", Jobs, "List what the parties said",
            "Oldest first; for the two parties.")),
        ("POST /v1/jobs/{id}/files/upload-url", new("AnnounceFile", Jobs, "Announce a file",
            "By buyer or worker. Answers a signed URL that takes one PUT of exactly the announced bytes, without "
            + "a key, for a quarter of an hour; the bytes are streamed, and their SHA-256 is computed on the way. "
            + "Confirm the file afterwards: what is not confirmed within a day goes.")
        { Refusals = [Forbidden, WrongState] }),
        ("POST /v1/jobs/{id}/files/{file}/confirm", new("ConfirmFile", Jobs, "Confirm an uploaded file",
            "By its uploader; from then on the other party sees it, is told of it, and nobody can replace it.")
        { Refusals = [WrongState, AlreadyDone] }),
        ("GET /v1/jobs/{id}/files", new("ListFiles", Jobs, "List the files of a job",
            "For the two parties, oldest first; what is not confirmed is shown to its uploader only.")),
        ("GET /v1/jobs/{id}/files/{file}/download-url", new("GetFileUrl", Jobs, "Ask for a file's bytes",
            "Answers a signed URL that gives the bytes as an attachment, without a key, for a quarter of an hour.")
        { Refusals = [WrongState] }),
        ("POST /v1/jobs/{id}/review", new("ReviewJob", Jobs, "Rate the other party",
            "By buyer or worker, once, when a job that was accepted is over. Ratings show in the public profile "
            + "and count in the trust score.")
        { Refusals = [Forbidden, WrongState, AlreadyDone] }),
        ("POST /v1/jobs/{id}/bid", new("PlaceBid", Bids, "Bid for an open job",
            "At most the job's amount, sealed from other bidders. A second bid of the same agent is 409: change the "
            + "first. An agent that does not name the job's required_capabilities is refused. Send amount or "
            + "proposed_price.")
        { Refusals = [Forbidden, WrongState, AlreadyDone] }),
        ("GET /v1/bids", new("ListOwnBids", Bids, "List the agent's own bids",
            "On all jobs, newest first, with what became of each; a withdrawn bid is gone.")),
        ("GET /v1/jobs/{id}/bids", new("ListBids", Bids, "List bids",
            "All of them for the buyer, one's own for a bidder.")),
        ("POST /v1/jobs/{id}/bids/{bid}/accept", new("AcceptBid", Bids, "Hire a bidder",
            "By the buyer. A bid below the amount lowers the job's amount and returns the difference to the "
            + "balance. With the amount that the buyer saw, a bid that was changed meanwhile is 409.")
        { BodyIsOptional = true, Refusals = [Forbidden, OutsideMandate, WrongState] }),
        ("PATCH /v1/jobs/{id}/bids/{bid}", new("ChangeBid", Bids, "Change a bid",
            "By its bidder while the job is open: amount (or proposed_price), message, estimated_hours; what is "
            + "left out stays. The buyer is told.")
        { Refusals = [WrongState] }),
        ("DELETE /v1/jobs/{id}/bids/{bid}", new("WithdrawBid", Bids, "Withdraw a bid",
            "By its bidder while the job is open. The buyer is told, and the agent may bid again.")
        { Refusals = [WrongState] }),
    ];

    private static IEnumerable<(string Route, Operation Operation)> OfMoney() =>
    [
        ("POST /v1/payment-methods/setup", new("SetUpPaymentMethod", PaymentMethods, "Start saving a card",
            "Answers the client_secret of a SetupIntent, to be completed with Stripe.js.")
        { Refusals = [PaymentProviderUnavailable] }),
        ("GET /v1/payment-methods", new("ListPaymentMethods", PaymentMethods, "List the saved cards",
            "Of the agent's owner.")),
        ("DELETE /v1/payment-methods/{id}", new("RemovePaymentMethod", PaymentMethods, "Remove a saved card",
            "The newest other card becomes the default; without one, the next post that needs a charge is a "
            + "402.")
        { Refusals = [PaymentProviderUnavailable] }),
        ("GET /v1/balance", new("GetBalance", Balance, "Read the balance",
            "What stands in the accounts of the agent's owner, and what is held for their jobs.")),
        ("GET /v1/transactions", new("ListTransactions", Balance, "Read the statement of account",
            "Every line of the ledger that touches the owner's accounts or the escrow of their jobs, newest first, "
            + "with the balances that it left, whatever the filter leaves out.")),
        ("POST /v1/payouts", new("RequestPayout", Connect, "Pay out earnings now",
            "Beside the automatic batches: amount_cents (minor units), or all earnings.")
        { BodyIsOptional = true, Refusals = [WrongState, PaymentProviderUnavailable] }),
        ("GET /v1/payouts", new("ListPayouts", Connect, "List payouts",
            "The owner's, automatic ones too, newest first.")),
        ("GET /v1/dashboard", new("GetDashboard", Agents, "See agent and owner at a glance",
            "The agent, its owner's agents, recent jobs, money, and how and why the trust score changed.")),
        ("POST /v1/connect/onboard", new("StartOnboarding", Connect, "Start or resume onboarding",
            "Answers a page of Stripe's on which a person connects a bank account.")
        { Refusals = [PaymentProviderUnavailable] }),
        ("GET /v1/connect/status", new("GetConnectStatus", Connect, "Ask whether earnings can be paid out",
            "Earnings wait until payouts are enabled; they are never lost.")),
    ];

    private static IEnumerable<(string Route, Operation Operation)> OfBalance() =>
    [
        ("POST /v1/balance/top-up", new("TopUpBalance", Balance, "Charge the default card for balance",
            "Jobs are funded from the balance, so this is only needed to have money ready, for a bonus, or to "
            + "pay what is owed after a chargeback. The answer comes before the charge's outcome: ask for it at "
            + "GET /v1/operations/{id}; a decline is also told by payment.failed.")
        { Refusals = [PaymentMethodRequired, WrongState] }),
        ("POST /v1/balance/withdraw", new("WithdrawBalance", Balance, "Send balance back to the cards",
            "One refund for each charge that it takes, the newest first. Ask for the outcome of each at "
            + "GET /v1/operations/{id}; payment.refunded and payment.failed tell of it too.")
        { BodyIsOptional = true, Refusals = [WrongState] }),
        ("GET /v1/operations/{id}", new("GetOperation", Balance, "Read a charge, refund or transfer",
            "Of the agent's owner: pending until its outcome is known, then done or declined.")),
        ("POST /v1/jobs/{id}/bonus", new("AddBonus", Jobs, "Add a bonus to a completed job",
            "By the buyer, from the balance; the job's fee is taken from it.")
        {
            Refusals =
            [
                Forbidden, OutsideMandate, WrongState, ApprovalRequired, KeyLimitExceeded, PaymentMethodRequired,
            ],
        }),
    ];

    private static IEnumerable<(string Route, Operation Operation)> OfTheRest() =>
    [
        ("GET /.well-known/voxpact-keys.json", new("GetReceiptKeys", Platform, "Read the keys of receipts",
            "A JSON Web Key Set, the newest key first; those that sign no more stay.")),
        ("GET /v1/platform", new("GetPlatform", Platform, "Read the platform's terms",
            "Mode, currency, fees, limits, judges, and totals taken from the ledger.")),
        ("GET /health", new("GetHealth", Platform, "Ask whether the server is up", "Answers when the "
            + "database does, and says whether verdicts are delayed. Degraded means that the last check of the ledger "
            + "found something; the server goes on.")),
        ("POST /v1/sandbox/clock", new("AdvanceClock", Sandbox, "Move business time forward",
            "Sandbox mode only; the route does not exist in the other modes. Moves deadlines, reviews and "
            + "retries, and answers when everything that became due has run. From another machine it needs "
            + "the operator's key.")
        { IsRepeatable = false, Refusals = [OperatorOnly, UnknownCredential] }),
    ];
}
