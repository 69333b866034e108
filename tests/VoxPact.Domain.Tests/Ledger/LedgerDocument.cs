using System.Text;
using VoxPact.Domain.Ledger;

namespace VoxPact.Domain.Tests.Ledger;

/// <summary>
/// Writes docs/ledger.md from <see cref="Movements"/>, so that the page cannot say anything else than the
/// code.
/// </summary>
internal static class LedgerDocument
{
    private const string Head = """
        # The ledger

        One currency per deployment, in integer minor units (cents). Every movement of money is a fixed set
        of entries, made in one place, written in the commit of the decision that moved it, with an id that
        follows from its job or operation. Rival movements share a place under a unique key, so of a release
        and a refund of one escrow the second loses. Nothing ever changes or removes an entry. `voxpact check`
        recomputes all of it. This page is generated from the code and compared with it by a test.

        ## Accounts

        | Account | Kind | Meaning |
        |---|---|---|

        """;

    private const string MovementsHead = """

        ## Movements

        The example is one job of 10.00 at a fee of 10 %, posted with an empty balance: the card is charged
        10.00, a bid of 9.99 wins, and the worker's earnings leave for their bank. From Split on, each movement
        stands by itself. A debit stands left, a credit right; a debit raises an asset or expense and lowers
        everything else. A leg of zero is left out.

        """;

    private static readonly Guid Job = Scene.Numbered(1), Operation = Scene.Numbered(2);
    private static readonly Guid Buyer = Scene.Numbered(3), Worker = Scene.Numbered(4);

    /// <summary>The whole page, in Markdown.</summary>
    public static string Render()
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var kind in Enum.GetValues<AccountKind>())
        {
            var (what, meaning) = Describe(kind);
            var account = new Account(kind, kind is AccountKind.JobEscrow ? Job : Guid.Empty);
            page.Append($"| `{Neutral(account.ToString())}` "
                + $"| {what} | {meaning} |\n");
        }
        page.Append(MovementsHead.ReplaceLineEndings("\n"));
        foreach (var kind in Enum.GetValues<MovementKind>())
        {
            var (entries, meaning) = Example(kind);
            page.Append($"\n### {kind}\n\n{meaning}\n\n");
            foreach (var entry in entries) page.Append($"- `{Neutral(entry.EntryId)}`\n");
            page.Append("\n```text\n");
            foreach (var account in entries.SelectMany(entry => new[] { entry.Debit, entry.Credit })
                .Distinct())
                TAccount(page, account, entries);
            page.Append("```\n");
        }
        return page.ToString();
    }

    private static void TAccount(StringBuilder page, Account account, Entry[] entries)
    {
        const int width = 34;
        string name = Show(account);
        page.Append($"{new string(' ', (width - name.Length) / 2)}{name}\n{new string('-', width)}\n");
        foreach (var entry in entries)
        {
            if (entry.Debit == account) page.Append($"{Cents(entry.Amount),15} |\n");
            if (entry.Credit == account) page.Append($"{"",15} |{Cents(entry.Amount),16}\n");
        }
        page.Append('\n');
    }

    private static string Cents(Money money) =>
        money.ToDecimal(2).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static (string Kind, string Meaning) Describe(AccountKind kind) => kind switch
    {
        AccountKind.StripeBalance => ("asset", "What Stripe holds for the platform."),
        AccountKind.OwnerAvailable =>
            ("liability, never below 0",
                "Prepaid by an owner: funds jobs; what a job gives back comes here."),
        AccountKind.JobEscrow => ("liability, never below 0", "Held for one job; 0 once the job is over."),
        AccountKind.OwnerEarnings =>
            ("liability, never below 0", "Released to a worker's owner, not yet transferred."),
        AccountKind.OwnerInTransit =>
            ("liability, never below 0", "A transfer or withdrawal was asked for; its outcome is not known yet."),
        AccountKind.PlatformFees =>
            ("income", "The platform's fees; summed from entries, not kept as a balance."),
        AccountKind.OwnerHeld =>
            ("liability, never below 0", "Earned from a payer who is still new; not yet payable."),
        AccountKind.OwnerReceivable =>
            ("asset, never below 0", "Owed by an owner after a chargeback; paid before anything else is."),
        AccountKind.PlatformCapital => ("equity", "The operator's own money at Stripe."),
        AccountKind.PlatformProcessing =>
            ("expense", "What Stripe takes for charges, disputes and the account, from its balance transactions."),
        AccountKind.PlatformLosses => ("expense", "Debts that the operator gave up."),
    };

    private static (Entry[] Entries, string Meaning) Example(MovementKind kind) => kind switch
    {
        MovementKind.TopUp => (Movements.TopUp(Operation, Buyer, new Money(1_000), 0),
            "A charge on the buyer's card succeeded: Stripe holds more, the owner can spend more."),
        MovementKind.Hold => (Movements.Hold(Job, Buyer, new Money(1_000), 0),
            "The job is funded: from the buyer's balance into the job's escrow."),
        MovementKind.Reduce => (Movements.Reduce(Job, Buyer, new Money(1), 0),
            "A bid below the posted amount won, or a lower counter-offer: the difference is the buyer's balance again."),
        MovementKind.Raise => (Movements.Raise(Job, Buyer, new Money(200), 0),
            "Instead of a Reduce: a counter-offer above the amount was accepted, and the difference joins the escrow."),
        MovementKind.Release => (Movements.Release(Job, Worker, new Money(999), new BasisPoints(1_000), 0),
            "The worker is paid: the escrow becomes earnings, less the fee fixed when it was accepted."),
        MovementKind.Refund => (Movements.Refund(Job, Buyer, new Money(999), 0),
            "Instead of a release: the buyer gets the whole escrow back, as balance."),
        MovementKind.PayOut => (Movements.PayOut(Operation, Worker, new Money(900), 0),
            "A transfer of all earnings is about to be asked for; they cannot be asked for twice."),
        MovementKind.PayOutSent => (Movements.PayOutSent(Operation, Worker, new Money(900), 0),
            "Stripe made the transfer: the money has left the platform."),
        MovementKind.TransferFailed => (Movements.TransferFailed(Operation, Worker, new Money(900), 0),
            "Instead: Stripe refused the transfer for good, and the money is earnings again."),
        MovementKind.Split => (
            Movements.Split(Job, Worker, Buyer, new Money(600), new Money(399), new BasisPoints(1_000), 0),
            "Instead of a release or refund: the arbiter gives 6.00 to the worker's side, less the fee, and the "
            + "rest back to the buyer."),
        MovementKind.Bonus => (Movements.Bonus(Operation, Buyer, Worker, new Money(200), new BasisPoints(1_000), 0),
            "After the job is completed the buyer adds 2.00 from their balance; the job's fee applies."),
        MovementKind.Mature => (Movements.Mature(Job, Slot.Mature, Worker, new Money(900), 0),
            "Where earnings of new payers are held, Release, Split and Bonus credit `held` instead of `earnings`; "
            + "this is the end of the hold. It waits while the payer owes after a chargeback. A bonus's own has the "
            + "bonus as its subject."),
        MovementKind.Withdraw => (Movements.Withdraw(Operation, Buyer, new Money(300), 0),
            "A part of one charge is about to be refunded to its card. One withdrawal is as many of these as it "
            + "takes charges to make it up, the newest first."),
        MovementKind.WithdrawSent => (Movements.WithdrawSent(Operation, Buyer, new Money(300), 0),
            "Stripe made the refund: the money has left the platform."),
        MovementKind.RefundFailed => (
            [.. Movements.RefundFailed(Operation, Buyer, new Money(300), 0),
                .. Movements.RefundReturned(Operation, Buyer, new Money(300), 0)],
            "Instead: Stripe refused the refund, and the money is balance again (the first entry). Or, after "
            + "WithdrawSent, the bank sent it back (the second)."),
        MovementKind.TransferReversed => (Movements.TransferReversed(Operation, Worker, new Money(900), 0),
            "A transfer was taken back from the worker's Stripe account: earnings again. Its subject is the "
            + "reversal, which is an operation of its own. A bank payout that fails moves nothing: that money lies "
            + "in the worker's own account at Stripe."),
        MovementKind.Chargeback => (Movements.Chargeback(Operation, Buyer, new Money(400), new Money(600), 0),
            "A bank took a charge of 10.00 back. The balance pays first; before that, jobs that nobody accepted yet "
            + "are cancelled until it suffices (a Refund each). What is missing is owed."),
        MovementKind.ChargebackWon => (Movements.ChargebackWon(Operation, Buyer, new Money(400), new Money(600), 0),
            "The dispute was won: what is still owed is settled by it, the rest is balance."),
        MovementKind.Recover => (Movements.Recover(Operation, Buyer, new Money(500), new Money(100), 0),
            "Whenever balance or earnings are about to be used, what is owed takes its part first."),
        MovementKind.WriteOff => (Movements.WriteOff(Operation, Buyer, new Money(600), 0),
            "The operator gives a debt up."),
        MovementKind.ActivationFee => (Movements.ActivationFee(Operation, new Money(500), 0),
            "An agent's activation was paid on Stripe's Checkout page: income, and nobody's balance."),
        MovementKind.Processing => (Movements.Processing(Operation, new Money(40), 0),
            "What Stripe kept of a charge, asks for a dispute, or takes for the account itself, as its balance "
            + "transactions say. Its subject is the charge, the dispute or, for the account, an operation of its own; "
            + "what Stripe gives back of the last is the reverse."),
        MovementKind.Capital => (Movements.Capital(Operation, new Money(10_000), true, 0),
            "The operator added money of their own to the balance at Stripe; taking some out is the reverse. Small "
            + "top-ups cost more than their fees bring, so it takes some."),
    };

    private static string Show(Account account) => Neutral(account.ToString())
        .Replace("job:job_…", "job", StringComparison.Ordinal)
        .Replace("owner:own_…", account.Holder == Buyer ? "buyer" : "worker", StringComparison.Ordinal);

    private static string Neutral(string text) => new[] { (Id.Job, Job), (Id.Operation, Operation),
        (Id.Owner, Buyer),
            (Id.Owner, Worker), (Id.Owner, Guid.Empty) }
        .Aggregate(text, (shown, id) => shown.Replace(Id.Format(id.Item1, id.Item2), $"{id.Item1}_…",
            StringComparison.Ordinal));
}
