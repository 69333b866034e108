using System.Net;
using System.Security.Cryptography;
using VoxPact.Domain;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Files;
using VoxPact.Server.Http;
using VoxPact.Server.Judging;
using VoxPact.Server.Judging.Reading;
using VoxPact.Server.Ledger;
using VoxPact.Server.Letters;
using VoxPact.Server.Mcp;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Postgres;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Storage.Sqlite;
using VoxPact.Server.Webhooks;
using VoxPact.Server.Work;

namespace VoxPact.Server;

/// <summary>A setting that keeps the server from starting, in words.</summary>
internal sealed class BadSettings(string why) : Exception(why);

/// <summary>Turns settings into a running server, in the order in which its parts need each other.</summary>
internal static class Startup
{
    /// <summary>The setting that says which mode a database belongs to.</summary>
    internal const string ModeSetting = "mode";

    /// <summary>The setting that says which account at the provider a database belongs to.</summary>
    internal const string AccountSetting = "stripe_account";

    public static async Task<RunningServer> StartAsync(
        ServerOptions given, TimeProvider? time = null, Action<ILoggingBuilder>? logging = null,
        CancellationToken cancellation = default)
    {
        var options = Check(given);
        // Owners' e-mail addresses and the pepper are in it: nobody else on the machine may look.
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(options.Data);
        else Directory.CreateDirectory(options.Data, owner);
        var folder = FolderLock.Take(options);
        try
        {
            return await StartAsync(options, folder, time, logging, cancellation);
        }
        catch
        {
            folder?.Dispose();
            throw;
        }
    }

    private static async Task<RunningServer> StartAsync(
        ServerOptions options, IDisposable? folder, TimeProvider? time, Action<ILoggingBuilder>? logging,
        CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        logging?.Invoke(builder.Logging);
        builder.WebHost.UseUrls(options.Urls);
        builder.WebHost.ConfigureKestrel(KestrelLimits.Apply);
        byte[] pepper = Pepper(options);
        var store = OpenStore(options);
        store.Migrate();

        var clock = new BusinessClock(time ?? TimeProvider.System);
        await ReadClockAsync(store, clock, cancellation);
        var simulator = await Sandbox.StartSimulatorAsync(options, clock, cancellation);
        if (simulator is not null) simulator.Forward(builder.Services);
        McpEndpoint.Add(builder.Services, options);
        var app = builder.Build();
        var deployment = await DeployAsync(options, store, clock, pepper, simulator, app, time, cancellation);
        Pipeline(app, deployment);
        await FillInSkeletons.RunAsync(deployment, cancellation);
        string? operatorKey = await OperatorKey.EnsureAsync(deployment.Engine, pepper);
        await app.StartAsync(cancellation);
        await ActOnCheck.LookForRestoreAsync(deployment, cancellation);
        var loops = await StartWorkAsync(deployment, app, cancellation);
        return new RunningServer(app, deployment, operatorKey, loops, folder);
    }

    /// <summary>Completes and checks the settings; what is missing is said in words, all of it at once.</summary>
    internal static ServerOptions Check(ServerOptions given)
    {
        var problems = Settings.Problems(given).Concat(ConfiguredJudges.Problems(given.Judging))
            .Concat(FileBucket.Problems(given)).Concat(Mailer.Problems(given)).ToList();
        foreach (string url in given.Urls.Split(';'))
            if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
                problems.Add($"Urls: {url} is no address to listen on; write one such as http://127.0.0.1:5080.");
        if (problems.Count > 0) throw new BadSettings(string.Join(Environment.NewLine, problems));
        var mode = given.EffectiveMode;
        var options = given with
        {
            Mode = mode,
            Urls = Sandbox.FixPort(given.Urls),
            MinimumPayoutMinor = given.MinimumPayoutMinor ?? (mode is Mode.Sandbox ? 1 : 1_000),
            PayoutIntervalHours = given.PayoutIntervalHours ?? (mode is Mode.Sandbox ? 0 : 24),
            AppealHours = given.AppealHours ?? (mode is Mode.Sandbox ? 0 : 72),
            NewPayerHoldHours = given.NewPayerHoldHours ?? (mode is Mode.Sandbox ? 0 : 168),
        };
        if (mode is Mode.Sandbox) options = Sandbox.Complete(options);
        else RequireStripe(options, mode, problems);
        if (problems.Count > 0) throw new BadSettings(string.Join(Environment.NewLine, problems));
        return options with { PublicUrl = (options.PublicUrl ?? options.Urls.Split(';')[0]).TrimEnd('/') };
    }

    internal static void RequireStripe(ServerOptions options, Mode mode, List<string> problems)
    {
        string prefix = mode is Mode.Live ? "sk_live_" : "sk_test_";
        if (options.StripeSecretKey?.StartsWith(prefix, StringComparison.Ordinal) != true)
            problems.Add($"StripeSecretKey: {mode} mode needs Stripe's secret key, {prefix}….");
        if (string.IsNullOrEmpty(options.StripeWebhookSecret))
            problems.Add("StripeWebhookSecret: the signing secret of the endpoint at Stripe that points at "
                + "/webhooks/stripe is missing.");
        if (string.IsNullOrEmpty(options.PublicUrl))
            problems.Add("PublicUrl: the address at which people and Stripe reach this server is missing.");
    }

    internal static IStore OpenStore(ServerOptions options) => string.IsNullOrEmpty(options.Database)
        ? new SqliteStore(SqliteFile(options))
        : new PostgresStore(options.Database);

    /// <summary>A bucket where one is configured, else the data folder.</summary>
    internal static IFileStore FilesOf(ServerOptions options) => FileBucket.IsConfigured(options)
        ? new FileBucket(options, Path.Combine(options.Data, "uploads"))
        : new FileFolder(Path.Combine(options.Data, "files"));

    /// <summary>True when a database is named, or the SQLite file was made.</summary>
    internal static bool HasDatabase(ServerOptions options) =>
        !string.IsNullOrEmpty(options.Database) || File.Exists(SqliteFile(options));

    /// <summary>The pepper that is configured or was made earlier; null when there is none yet.</summary>
    internal static byte[]? ExistingPepper(ServerOptions options)
    {
        if (!string.IsNullOrEmpty(options.Pepper)) return Convert.FromBase64String(options.Pepper);
        string path = PepperFile(options);
        return File.Exists(path) ? Convert.FromBase64String(File.ReadAllText(path).Trim()) : null;
    }

    private static byte[] Pepper(ServerOptions options)
    {
        if (ExistingPepper(options) is { } existing) return existing;
        byte[] pepper = RandomNumberGenerator.GetBytes(32);
        var owner = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) owner.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(PepperFile(options), owner);
        file.Write(Convert.ToBase64String(pepper));
        return pepper;
    }

    private static string SqliteFile(ServerOptions options) => Path.Combine(options.Data, "voxpact.db");
    private static string PepperFile(ServerOptions options) => Path.Combine(options.Data, "pepper");

    /// <summary>So that the very first ids and deadlines already carry the moved time.</summary>
    internal static async Task ReadClockAsync(IStore store, BusinessClock clock, CancellationToken cancellation)
    {
        var offset = await store.QueryAsync(PlatformQueries.Setting(Engine.Engine.ClockSetting), cancellation);
        if (offset is [var us]) clock.OffsetUs = long.Parse(us);
    }

    private static async Task<Deployment> DeployAsync(
        ServerOptions options, IStore store, BusinessClock clock, byte[] pepper, Sandbox? simulator, WebApplication app,
        TimeProvider? time, CancellationToken cancellation)
    {
        var mode = options.EffectiveMode;
        var sabotage = Sabotage.Read(Environment.GetEnvironmentVariable(Sabotage.Variable), mode);
        var policy = PolicyOf(options, mode);
        var seal = new SecretSeal(pepper);
        var signals = sabotage?.LeaseUs is { } leaseUs
            ? new Signals { Handover = new Handover { LeaseUs = leaseUs } }
            : new Signals();
        byte[] chainKey = CommitChain.KeyFrom(pepper);
        long node = await store.RegisterNodeAsync(clock.RealNowUs, cancellation);
        var chain = new CommitChain(chainKey, node);
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var engine = new Engine.Engine(
            store, clock, policy, signals, chain, seal, mode is Mode.Sandbox, sabotage,
            logs.CreateLogger<Engine.Engine>());
        await engine.StartAsync(cancellation);
        var stripe = new StripeGateway(new StripeGateway.Options(
            options.StripeSecretKey!, simulator?.Url ?? options.StripeApiBase)
        {
            Around = sabotage is null ? null : sabotage.Around,
        });
        var log = logs.CreateLogger("VoxPact");
        var files = FilesOf(options);
        var works = new WorkReading(store, files, new FileReading(log));
        var addresses = new AddressGuard(new AddressGuard.Options(AllowLoopback: mode is Mode.Sandbox));
        var tokens = new AccessTokens(pepper, time ?? TimeProvider.System);
        var deployment = new Deployment
        {
            Options = options,
            Policy = policy,
            Mode = mode,
            Store = store,
            Engine = engine,
            Clock = clock,
            Signals = signals,
            Node = node,
            Seal = seal,
            Pepper = pepper,
            ChainKey = chainKey,
            StartedUs = clock.NowUs,
            Cursors =
                new Cursor(HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper, 32, info: "voxpact cursors"u8.ToArray())),
            Tokens = tokens,
            RateLimits = new RateLimits(
                new RateLimitSettings { LoopbackIsFree = mode is Mode.Sandbox && !options.LimitLoopback }, tokens),
            Files = files,
            RefusedFiles = new RefusedFiles(options.RefusedFileTypes),
            Links = new SignedLinks(pepper, time ?? TimeProvider.System, options.PublicUrl!),
            Letters = new LetterLinks(pepper, options.PublicUrl!),
            Mailer = Mailer.Of(options),
            Stripe = stripe,
            Receipts = new ReceiptRing(pepper, options.ReceiptKeyGeneration),
            Checks = new LedgerChecks(options, store, clock, chainKey, stripe, log),
            Addresses = addresses,
            Sender = new WebhookSender(addresses, time ?? TimeProvider.System),
            Judges = PanelOf(options.Judging, mode, time ?? TimeProvider.System),
            Works = works,
            EarlierWorks = new EarlierWorks(store, works, time ?? TimeProvider.System),
            Time = time ?? TimeProvider.System,
            Log = log,
            PublicUrl = options.PublicUrl!,
            Simulator = simulator,
        };
        await StampAsync(deployment, cancellation);
        return deployment;
    }

    private static Policy PolicyOf(ServerOptions options, Mode mode) => new()
    {
        Currency = options.Currency,
        CurrencyDecimals = options.CurrencyDecimals,
        Fees = options.FeeBps is { } flat
            ? [new(flat), new(flat), new(flat), new(flat)]
            : [new(1_200), new(1_000), new(800), new(600)],
        Threshold = new BasisPoints(options.ThresholdBps),
        TopUpUnit = new Money(options.TopUpMinor),
        MaxAmount = new Money(options.MaxAmountMinor),
        MaxRevisions = options.Judging.SubmissionsPerJob - 1,
        PassReleasesUpTo = options.Judging.PassReleasesUpToMinor is { } most ? new Money(most) : null,
        ReviewAfterPassHours = options.Judging.ReviewAfterPassHours,
        MinimumPayout = new Money(options.MinimumPayoutMinor!.Value),
        PayoutIntervalUs = options.PayoutIntervalHours!.Value * Domain.Jobs.JobTimes.HourUs,
        ActivationFee = new Money(options.ActivationFeeMinor),
        NewPayerHoldUs = options.NewPayerHoldHours!.Value * Domain.Jobs.JobTimes.HourUs,
        AppealUs = options.AppealHours!.Value * Domain.Jobs.JobTimes.HourUs,
        SameOwnerMayHire = mode is not Mode.Live,
    };

    /// <summary>The configured judges; without any, the sandbox's own, and outside the sandbox none.</summary>
    internal static JudgePanel? PanelOf(JudgingOptions options, Mode mode, TimeProvider time)
    {
        if (ConfiguredJudges.AreThere(options))
        {
            var (one, other) = ConfiguredJudges.Open(options, time);
            return new JudgePanel(one, other, time) { Adviser = ConfiguredJudges.OpenAdviser(options, time) };
        }
        if (mode is not Mode.Sandbox) return null;
        var (first, second) = SandboxJudge.Pair();
        return new JudgePanel(first, second, time) { Adviser = SandboxJudge.Adviser() };
    }

    /// <summary>
    /// A database belongs to one mode and one Stripe account for good, so that a missing variable never turns live
    /// money into play money.
    /// </summary>
    private static async Task StampAsync(Deployment deployment, CancellationToken cancellation)
    {
        string mode = deployment.Mode.ToString().ToLowerInvariant();
        await StampAsync(deployment, ModeSetting, mode, $"another mode than {mode}");
        try
        {
            string account = await deployment.Stripe.GetOwnAccountAsync(cancellation);
            await StampAsync(deployment, AccountSetting, account, $"another Stripe account than {account}");
        }
        catch (PaymentProviderUnavailable away) when (away.RefusedCode is null)
        {
            deployment.Log.LogWarning(away,
                "Stripe cannot be reached, so its account is not compared with the database's");
        }
    }

    private static async Task StampAsync(Deployment deployment, string key, string value, string difference)
    {
        var stamped = await deployment.Engine.RunWorkAsync(new OperatorKey.KeepFirst(new Setting(key, value)));
        if (stamped.Value is false)
            throw new BadSettings(
                $"This database belongs to {difference}; use another database, or the settings it was made "
                + "with. Nothing was changed.");
    }

    private static void Pipeline(WebApplication app, Deployment deployment)
    {
        app.UseRequestIds(deployment.Time);
        app.UseBarrier(deployment.Log);
        if (deployment.Mode is Mode.Sandbox)
            app.Use((http, next) =>
            {
                http.Response.Headers["VoxPact-Mode"] = "sandbox";
                return next(http);
            });
        app.UseRouting();
        app.UseRateLimits(deployment.RateLimits);
        OpenApi.Map(app, deployment);
        DocsPages.Map(app, deployment);
        Routes.Map(app, deployment);
        McpEndpoint.Map(app, deployment);
        deployment.Simulator?.Map(app);
    }

    private static async Task<IReadOnlyList<IHostedService>> StartWorkAsync(
        Deployment deployment, WebApplication app, CancellationToken cancellation)
    {
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var loops = new List<IHostedService>();
        if (deployment.Options.RunWork)
        {
            await Reconcile.EnsureAsync(deployment);
            await Platform.ForgetOld.EnsureAsync(deployment);
            loops.Add(new Worker(deployment, logs.CreateLogger<Worker>()));
        }
        var dispatch = deployment.Options.RunDeliveries
            ? new DispatchEvents(deployment, deployment.Sender, logs.CreateLogger<DispatchEvents>())
            : null;
        if (dispatch is not null) loops.Add(dispatch);
        loops.Add(new InboxTail(deployment, dispatch, logs.CreateLogger<InboxTail>()));
        app.Lifetime.ApplicationStopping.Register(deployment.Hub.Close);
        if (deployment.Options is { RunWork: true, CheckIntervalMinutes: > 0 })
            loops.Add(new WatchLedger(deployment, logs.CreateLogger<WatchLedger>()));
        foreach (var loop in loops) await loop.StartAsync(cancellation);
        return loops;
    }
}
