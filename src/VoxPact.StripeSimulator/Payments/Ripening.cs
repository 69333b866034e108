using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Storage;

namespace VoxPact.StripeSimulator.Payments;

/// <summary>
/// Lets everything happen whose time has come. Run at the start of every transaction, so no request
/// can see a session that should have expired or money that should have become available.
/// </summary>
internal static class Ripening
{
    public static void Run(Session session)
    {
        foreach (var (at, kind, id) in session.Db.DueAt(session.Now))
        {
            switch (kind)
            {
                case "balance": Balances.Ripen(session, id); break;
                case "checkout": CheckoutSessions.Ripen(session, id); break;
                case "refund": Refunds.Ripen(session, id); break;
                case "chargeback": Disputes.Strike(session, id); break;
                case "dispute": Disputes.Ripen(session, id); break;
                case "payout": Payouts.Ripen(session, id); break;
            }
            session.Db.ForgetDue(at, kind, id);
        }
    }
}
