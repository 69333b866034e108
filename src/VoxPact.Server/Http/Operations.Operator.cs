using VoxPact.Domain;
using static VoxPact.Domain.RefusalCode;

namespace VoxPact.Server.Http;

/// <content>What the operator can ask.</content>
internal static partial class Operations
{
    private static IEnumerable<(string Route, Operation Operation)> OfTheOperator() =>
    [
        ("GET /v1/operator/payouts", new("GetPayoutsState", Operator, "Look at the payout stop",
            "Whether payouts are stopped and why, what raised an alarm, and whose outcome is not known.")),
        ("POST /v1/operator/payouts/pause", new("PausePayouts", Operator, "Stop all payouts",
            "Earnings wait from now on; transfers that were asked for already go on.")),
        ("POST /v1/operator/payouts/resume", new("ResumePayouts", Operator, "Let payouts go on",
            "After looking at what stopped them; waiting earnings are paid within an hour.")),
        ("POST /v1/operator/operations/{id}/resend", new("ResendOperation", Operator, "Send a lost transfer again",
            "For a transfer that the provider did not show twice, an hour apart, and whose key is too old to be "
            + "sent again by itself.")
        { Refusals = [WrongState] }),
        ("POST /v1/operator/owners/{id}/write-off", new("WriteOffDebt", Operator, "Give up a debt",
            "What an owner owes after a chargeback becomes a loss of the platform.")
        { Refusals = [WrongState] }),
        ("POST /v1/operator/adopt", new("AdoptPayment", Operator, "Adopt a forgotten payment",
            "Enters in the books a charge, transfer or refund that Stripe executed and they do not know, after a "
            + "backup was restored or because it was made by hand. What it is, whose and how much is read at Stripe; "
            + "what does not fit the books is refused, and nothing is entered twice.")
        { Refusals = [WrongState, AlreadyDone] }),
        ("POST /v1/operator/capital", new("MoveCapital", Operator, "Book capital",
            "Money of the operator's own that was put into the balance at Stripe or taken out of it: the ledger "
            + "only learns of it here.")),
        ("GET /v1/operator/jobs/{id}/recommendation", new("GetRecommendation", Operator, "Read a third opinion",
            "On a dispute, prepared for the arbiter with its reasons. Advice: it moves nothing.")),
        ("POST /v1/operator/jobs/{id}/resolve", new("ResolveDispute", Operator, "Decide a dispute",
            "Releases the escrow to the worker, refunds it to the buyer, or splits it: amount says what the "
            + "worker's side gets. The money moves when the time for an appeal (AppealHours) is over, and at once "
            + "after an appeal or where there is no such time.") { Refusals = [WrongState] }),
        ("GET /v1/operator/check", new("CheckLedger", Operator, "Check the ledger",
            "Reads the ledger as it is at one moment and holds it against what the code would have written "
            + "(movements, escrows, balances, deliveries, stored answers, what is overdue, the chain of commits), "
            + "and against what the payment provider says that it executed. Without scope=full it reads what was "
            + "committed since the last check. It is the check that the server also runs by itself.")),
        ("GET /v1/operator/disputes", new("ListDisputes", Operator, "List what waits for the arbiter",
            "Oldest first: who disputes and why, the last verdict, a third opinion when there is one, and what "
            + "happens by itself at the due time. What is decided already says so in ruling: it waits for an appeal "
            + "until appeal_until, or was appealed and waits for the decision that is final.")),
        ("GET /v1/operator/jobs/{id}", new("InspectJob", Operator, "Read a job's whole history",
            "With terms, owners, submissions and verdicts, facts, movements of money, bids, messages and files, as "
            + "they are at one moment.")),
        ("GET /v1/operator/agents/{id}", new("InspectAgent", Operator, "Read an agent and its owner's accounts",
            "Any agent, whatever its status, and why its owner's earnings wait if they do.")),
        ("POST /v1/operator/agents/{id}/suspend", new("SuspendAgent", Operator, "Suspend an agent",
            "From the next call on it is refused (agent_suspended); nobody finds it, hires it or takes its bids, and "
            + "its owner's earnings wait. The timers of its jobs go on. It is told so, with the reason.")
        { Refusals = [AlreadyDone] }),
        ("POST /v1/operator/agents/{id}/reinstate", new("ReinstateAgent", Operator, "End a suspension",
            "The agent is what it was before, and its owner's earnings are paid out again.")
        { Refusals = [AlreadyDone] }),
        ("GET /v1/operator/totals", new("GetOperatorTotals", Operator, "See the platform at a glance",
            "The sums of the ledger, taken by a check of what was committed since the last one, and what waits.")),
        ("GET /v1/operator/audit", new("ListOperatorActs", Operator, "Read the operator's log",
            "Every act that changed anything, newest first, with its reason. Each line is a fact, so the chain of "
            + "commits that the check follows covers it.")),
        ("POST /v1/operator/rotate-key", new("RotateOperatorKey", Operator, "Replace the operator's key",
            "The old key is dead on every node when the answer arrives; with the same Idempotency-Key it can do one "
            + "thing only: replay this answer. A lost key is replaced on the server's machine, with "
            + "voxpact rotate-operator-key.")),
    ];
}
