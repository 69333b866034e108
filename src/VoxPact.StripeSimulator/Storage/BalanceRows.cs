namespace VoxPact.StripeSimulator.Storage;

/// <summary>The balances of the platform and of connected accounts, by currency.</summary>
internal static class BalanceRows
{
    public static void ChangeBalance(
        this Database db, string account, string currency, long available, long pending) => db.Run(
        """
        INSERT INTO balances VALUES (@0, @1, @2, @3)
        ON CONFLICT(account, currency) DO UPDATE SET
            available = available + excluded.available, pending = pending + excluded.pending
        """,
        account, currency, available, pending);

    public static long AvailableBalance(this Database db, string account, string currency) => db.Long(
        "SELECT available FROM balances WHERE account = @0 AND currency = @1", account, currency);

    public static List<(string Currency, long Available, long Pending)> BalancesOf(this Database db, string account)
        => db.Rows(
            "SELECT currency, available, pending FROM balances WHERE account = @0 ORDER BY currency",
            r => (r.GetString(0), r.GetInt64(1), r.GetInt64(2)), account);

    public static bool HasMoney(this Database db, string account) => db.Long(
        "SELECT COUNT(*) FROM balances WHERE account = @0 AND (available <> 0 OR pending <> 0)", account) > 0;
}
