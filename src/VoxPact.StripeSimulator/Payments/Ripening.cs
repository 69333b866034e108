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
        var due = session.Db.Rows(
            "SELECT at, kind, id FROM due WHERE at <= @0 ORDER BY at LIMIT 10000",
            r => (At: r.GetInt64(0), Kind: r.GetString(1), Id: r.GetString(2)), session.Now);
        foreach (var (at, kind, id) in due)
        {
            switch (kind)
            {
                case "balance": Balances.Ripen(session, id); break;
                case "checkout": CheckoutSessions.Ripen(session, id); break;
                case "refund": Refunds.Fail(session, id); break;
            }
            session.Db.Run("DELETE FROM due WHERE at = @0 AND kind = @1 AND id = @2", at, kind, id);
        }
    }
}
