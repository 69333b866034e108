namespace VoxPact.StripeSimulator.Storage;

/// <summary>An answer kept under an idempotency key, with the fingerprint of its request.</summary>
internal sealed record KeptAnswer(string Fingerprint, int Status, string Body);

/// <summary>The answers that repeats under the same idempotency key get.</summary>
internal static class KeptAnswers
{
    public static void ForgetAnswersUntil(this Database db, long seconds)
        => db.Run("DELETE FROM idempotency WHERE created <= @0", seconds);

    public static KeptAnswer? AnswerUnder(this Database db, string key) => db.Rows(
        "SELECT fingerprint, status, body FROM idempotency WHERE key = @0",
        r => new KeptAnswer(r.GetString(0), r.GetInt32(1), r.GetString(2)), key).FirstOrDefault();

    public static void KeepAnswer(this Database db, string key, KeptAnswer answer, long now) => db.Run(
        "INSERT INTO idempotency VALUES (@0, @1, @2, @3, @4)",
        key, answer.Fingerprint, (long)answer.Status, answer.Body, now);
}
