using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Files;
using VoxPact.Server.Judging;
using VoxPact.Server.Letters;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server;

/// <summary>
/// <c>voxpact doctor</c>: says in words whether a server could start with these settings, and what is
/// missing.
/// </summary>
internal sealed class Doctor(ServerOptions given, TextWriter output)
{
    private static readonly TimeSpan StripePatience = TimeSpan.FromSeconds(10);
    private int _missing;

    /// <summary>0 when nothing is missing for the mode that the settings ask for, else 1.</summary>
    public async Task<int> RunAsync(CancellationToken stop = default)
    {
        string mode = given.EffectiveMode.ToString().ToLowerInvariant();
        output.WriteLine($"Settings for {mode} mode:");
        Settings();
        Folder();
        Pepper();
        await DatabaseAsync(mode, stop);
        await FilesAsync(stop);
        if (given.EffectiveMode is Mode.Sandbox) ForLive();
        else await StripeAsync(stop);
        Judges();
        await MailAsync(stop);
        output.WriteLine(_missing == 0
            ? $"Nothing is missing: the server can start in {mode} mode."
            : $"{_missing} missing: mend that before the server starts in {mode} mode.");
        return _missing == 0 ? 0 : 1;
    }

    private void Settings()
    {
        try
        {
            Startup.Check(given);
            Fine("every setting is there and within its bounds");
        }
        catch (BadSettings bad)
        {
            foreach (string problem in bad.Message.Split(Environment.NewLine)) Missing(problem);
        }
    }

    private void Folder()
    {
        try
        {
            Directory.CreateDirectory(given.Data);
            string probe = Path.Combine(given.Data, ".doctor");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            Fine($"the data folder {given.Data} can be written");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Missing($"Data: {given.Data} cannot be written: {failure.Message}");
        }
    }

    private void Pepper()
    {
        try
        {
            int? bytes = Startup.ExistingPepper(given)?.Length;
            if (bytes is null) Fine("the pepper will be made at the first start");
            else if (bytes < 32) Missing($"Pepper: it has {bytes} bytes and needs 32.");
            else Fine("the pepper is there; keep a copy apart from the database");
        }
        catch (Exception failure) when (failure is FormatException or IOException
            or UnauthorizedAccessException)
        {
            Missing($"Pepper: it cannot be read as base64: {failure.Message}");
        }
    }

    private async Task DatabaseAsync(string mode, CancellationToken stop)
    {
        if (!Startup.HasDatabase(given))
        {
            Fine("the SQLite file will be made at the first start");
            return;
        }
        try
        {
            await using var store = Startup.OpenStore(given);
            await store.QueryAsync(PlatformQueries.Ping, stop);
            Fine($"the {store.Name} database answers");
            var stamp = await StampAsync(store, stop);
            if (stamp is not null && stamp != mode)
                Missing($"Database: it belongs to {stamp} mode for good; use another one for {mode} mode.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Missing($"Database: it cannot be reached: {failure.Message}");
        }
    }

    /// <summary>Whether the bucket takes, gives and deletes, tried with eight bytes.</summary>
    private async Task FilesAsync(CancellationToken stop)
    {
        if (!FileBucket.IsConfigured(given) || FileBucket.Problems(given).Any()) return;
        using var files = new FileBucket(given, Path.Combine(Path.GetTempPath(), "voxpact-doctor"));
        var id = Id.New(new BusinessClock(TimeProvider.System).RealNowUs);
        try
        {
            using var probe = new MemoryStream("doctor's"u8.ToArray());
            string hash = (await files.WriteAsync(id, probe, probe.Length, stop))!;
            await using (var back = await files.OpenAsync(id, hash, stop))
            {
                if (back is null)
                {
                    Missing($"S3Bucket: {given.S3Bucket} takes an object and does not give it back.");
                    return;
                }
            }
            await files.DeleteAsync(id, hash, stop);
            Fine($"the bucket {given.S3Bucket} takes files and gives them back");
        }
        catch (FilesAway away)
        {
            Missing($"S3Bucket: {given.S3Bucket} at {given.S3Endpoint} cannot be used: {away.Message}");
        }
    }

    private static async Task<string?> StampAsync(IStore store, CancellationToken stop)
    {
        try
        {
            return (await store.QueryAsync(PlatformQueries.Setting(Startup.ModeSetting), stop))
                .FirstOrDefault();
        }
        catch (Exception notYet) when (notYet is not OperationCanceledException && !store.IsOutage(notYet))
        {
            // No such table: nothing was ever started on this database.
            return null;
        }
    }

    /// <summary>Whether they answer is told by <c>voxpact judge eval</c>, which costs tokens.</summary>
    private void Judges()
    {
        var judging = given.Judging;
        if (ConfiguredJudges.AreThere(judging))
            Fine("two judges are configured: "
                + string.Join(" and ", judging.Judges.Select(
                    judge => $"{ConfiguredJudges.Word(judge.Provider!.Value)} {judge.Model}")));
        else if (given.EffectiveMode is not Mode.Sandbox)
            output.WriteLine("  note     no two judges are configured: every submission goes to its buyer's review");
        foreach (string warning in ConfiguredJudges.Warnings(judging)) output.WriteLine($"  note     {warning}");
    }

    /// <summary>Whether the mail server greets, and takes the user and password; no letter is sent.</summary>
    private async Task MailAsync(CancellationToken stop)
    {
        if (Mailer.Of(given) is not { } mailer)
        {
            if (given.EffectiveMode is not Mode.Sandbox)
                output.WriteLine(
                    "  note     no SmtpHost is configured: owners cannot confirm addresses or recover lost keys");
            return;
        }
        if (Mailer.Problems(given).Any()) return;
        string server = $"{given.SmtpHost}:{given.SmtpPort}";
        if (await mailer.TryAsync(stop) is { } problem)
            Missing($"SmtpHost: no letter can go through {server}: {problem}");
        else Fine($"letters go through {server}");
    }

    private void ForLive()
    {
        string judges = ConfiguredJudges.AreThere(given.Judging) ? "is" : "and both judges are";
        output.WriteLine(
            $"Sandbox mode needs no keys: Stripe {judges} simulated. For real money are missing:");
        var problems = new List<string>();
        Startup.RequireStripe(given, Mode.Live, problems);
        foreach (string problem in problems) output.WriteLine($"  later    {problem}");
    }

    /// <summary>
    /// Whether Stripe takes the key. That it cannot be asked now keeps no server from starting.
    /// </summary>
    private async Task StripeAsync(CancellationToken stop)
    {
        if (string.IsNullOrEmpty(given.StripeSecretKey)) return;
        using var stripe = new StripeGateway(new StripeGateway.Options(given.StripeSecretKey,
            given.StripeApiBase));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(StripePatience);
        try
        {
            await stripe.GetAvailableBalanceAsync(given.Currency, patience.Token);
            Fine("Stripe takes the secret key");
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            output.WriteLine($"  unknown  Stripe could not be asked about the secret key: {failure.Message}");
        }
    }

    private void Fine(string what) => output.WriteLine($"  ok       {what}");

    private void Missing(string what)
    {
        _missing++;
        output.WriteLine($"  MISSING  {what}");
    }
}
