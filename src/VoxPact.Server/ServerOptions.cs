using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace VoxPact.Server;

/// <summary>The modes: play money through the simulator, Stripe's test mode, real money.</summary>
public enum Mode { Sandbox, Test, Live }

/// <summary>
/// Every setting, validated at start. Each can be given as a flag (<c>--top-up-minor 50</c>), as an environment
/// variable (<c>VOXPACT_TOP_UP_MINOR</c>), or under <c>VoxPact</c> in <c>appsettings.json</c>, in that order of
/// precedence.
/// </summary>
public sealed record ServerOptions
{
    /// <summary>Where to listen. Sandbox mode listens on loopback unless told otherwise.</summary>
    [Description("Where to listen, such as http://0.0.0.0:8080.")]
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    [Description("Folder for the SQLite file, the pepper and the simulator's file.")]
    public string Data { get; init; } = "./data";

    [Description("A PostgreSQL connection string; empty means SQLite in the data folder.")]
    public string? Database { get; init; }

    [Description("sandbox, test or live; empty means: by the Stripe key, sandbox without one.")]
    public Mode? Mode { get; init; }

    [Description("The address people and Stripe reach this server at, such as https://voxpact.example.")]
    public string? PublicUrl { get; init; }

    [Description(
        "Keyed hashes of API keys and stored secrets depend on it; kept outside the database. Base64 of 32 bytes; "
        + "empty means: the file pepper in the data folder, made at first start.")]
    public string? Pepper { get; init; }

    [Description("ISO 4217 code of the deployment's one currency.")]
    [RegularExpression("^[a-z]{3}$")]
    public string Currency { get; init; } = "eur";

    [Range(0, 3)]
    [Description("Decimals of that currency.")]
    public int CurrencyDecimals { get; init; } = 2;

    [Range(0, 5_000)]
    [Description("The platform's fee in basis points, taken from the worker's side, fixed when a job is accepted; "
        + "empty means by the worker's trust level: 1200 bronze, 1000 silver, 800 gold, 600 platinum.")]
    public int? FeeBps { get; init; }

    [Range(5_000, 10_000)]
    [Description("The confidence, in basis points, that both judges must reach.")]
    public int ThresholdBps { get; init; } = 8_000;

    [Range(1, 1_000_000)]
    [Description("The smallest charge on a card in minor units; a smaller shortfall charges this and keeps "
        + "the rest as balance.")]
    public long TopUpMinor { get; init; } = 50;

    [Range(1, 100_000_000)]
    [Description("The largest amount of one job in minor units.")]
    public long MaxAmountMinor { get; init; } = 1_000_000;

    [Range(1, 100_000_000)]
    [Description("Earnings below this, in minor units, wait; empty means 1 in sandbox mode, 1000 otherwise.")]
    public long? MinimumPayoutMinor { get; init; }

    [Range(0, 720)]
    [Description(
        "Hours between a release and its payout, to batch earnings; empty means 0 in sandbox mode, 24 otherwise.")]
    public int? PayoutIntervalHours { get; init; }

    [Range(0, 1_000_000)]
    [Description("What an agent's activation costs in minor units, paid on Stripe's Checkout page, which saves the "
        + "card too; 0 only saves it.")]
    public long ActivationFeeMinor { get; init; }

    [Range(0, 2_160)]
    [Description("A payer is new for so many hours after their first charge; what is earned from them meanwhile is "
        + "held for as long before it can be paid out. Empty means 0 in sandbox mode, 168 otherwise.")]
    public int? NewPayerHoldHours { get; init; }

    [Range(0, 720)]
    [Description("How many hours the losing party of a dispute has to appeal before the operator's decision is done; 0 "
        + "does it at once. Empty means 0 in sandbox mode, 72 otherwise.")]
    public int? AppealHours { get; init; }

    [Range(1, 60)]
    [Description("How many seconds a post waits for its charge before it is answered 202.")]
    public int FundingPatienceSeconds { get; init; } = 20;

    [Description("Stripe's secret key, sk_test_… or sk_live_…; empty in sandbox mode.")]
    public string? StripeSecretKey { get; init; }

    [Description("Stripe's publishable key, told to clients that save cards.")]
    public string? StripePublishableKey { get; init; }

    [Description("The signing secret whsec_… of the Stripe endpoint that points at /webhooks/stripe; several, one "
        + "for each endpoint, are separated by commas.")]
    public string? StripeWebhookSecret { get; init; }

    [Description("The mail server that letters to owners go through; without one the sandbox shows them at "
        + "/sandbox/mailbox, and other modes send none: no address can be confirmed, no lost key recovered.")]
    public string? SmtpHost { get; init; }

    [Range(1, 65_535)]
    [Description("Its port: 465 speaks TLS at once, any other must offer STARTTLS unless it is on this machine.")]
    public int SmtpPort { get; init; } = 587;

    [Description("The user name there; empty means without one.")]
    public string? SmtpUser { get; init; }

    [Description("The password there.")]
    public string? SmtpPassword { get; init; }

    [Description("The address that letters come from, such as VoxPact <voxpact@example.com>.")]
    public string? MailFrom { get; init; }

    [Description("Another base URL for Stripe's API; only for a simulator that runs by itself.")]
    public string? StripeApiBase { get; init; }

    [Description("Country of connected accounts whose owner gave none (ISO 3166-1 alpha-2).")]
    [RegularExpression("^[A-Z]{2}$")]
    public string DefaultCountry { get; init; } = "DE";

    [Description("Where S3 or a store that speaks its protocol answers, such as https://s3.eu-central-1.amazonaws.com; "
        + "empty means: files of jobs are kept in the data folder.")]
    public string? S3Endpoint { get; init; }

    [Description("The bucket there; it must exist.")]
    public string? S3Bucket { get; init; }

    [Description("The region that requests are signed for.")]
    public string S3Region { get; init; } = "us-east-1";

    [Description("The id of the access key; it needs to put, get and delete objects under files/.")]
    public string? S3AccessKey { get; init; }

    [Description("The secret of that key.")]
    public string? S3SecretKey { get; init; }

    [Description("True where the bucket stands in the path; false where it is a part of the host's name.")]
    public bool S3PathStyle { get; init; } = true;

    [Description("Files of jobs that are refused, by the end of their name or the type that they are declared to be, "
        + "separated by commas; the default keeps out programs and web pages. none takes every kind.")]
    [RegularExpression(@"^\s*(none|(\.\w+|[\w.+-]+/[\w.+-]+)(\s*,\s*(\.\w+|[\w.+-]+/[\w.+-]+))*)\s*$")]
    public string RefusedFileTypes { get; init; } =
        ".exe, .dll, .com, .bat, .cmd, .msi, .scr, .pif, .cpl, .hta, .lnk, .vbs, .jar, .apk, .dmg, "
        + ".html, .htm, .xhtml, .shtml, .mhtml, .mht, text/html, application/xhtml+xml, application/hta, "
        + "application/x-msdownload, application/x-msdos-program, application/x-dosexec, application/x-msi, "
        + "application/vnd.microsoft.portable-executable, application/x-executable, application/x-elf, "
        + "application/x-mach-binary, application/java-archive, application/vnd.android.package-archive";

    [Range(0, 1_000_000_000)]
    [Description("By how much, in minor units, the provider may hold less than is owed to owners before payouts stop; "
        + "empty means 0 in live mode, 100000 otherwise.")]
    public long? AllowedShortfallMinor { get; init; }

    [Range(0, 10_080)]
    [Description("Minutes of real time between two checks of the ledger by the server itself; 0 leaves them out.")]
    public int CheckIntervalMinutes { get; init; } = 15;

    [Range(1, 100)]
    [Description("Raise it by one to sign receipts with a new key from then on; the old ones stay published.")]
    public int ReceiptKeyGeneration { get; init; } = 1;

    [Description("True counts callers on this machine against the rate limits too, as strangers are; sandbox mode "
        + "alone lets them off.")]
    public bool LimitLoopback { get; init; }

    [Description("False on nodes that only answer requests and leave timers, judging and payments to others.")]
    public bool RunWork { get; init; } = true;

    [Description("False on nodes that leave the delivery of webhooks to others.")]
    public bool RunDeliveries { get; init; } = true;

    /// <summary>Under <c>Judging</c>: which models judge, and within which bounds.</summary>
    public JudgingOptions Judging { get; init; } = new();

    internal TimeSpan FundingPatience => TimeSpan.FromSeconds(FundingPatienceSeconds);

    internal Mode EffectiveMode => Mode ?? StripeSecretKey switch
    {
        null or "" => Server.Mode.Sandbox,
        var key when key.StartsWith("sk_live_", StringComparison.Ordinal) => Server.Mode.Live,
        _ => Server.Mode.Test,
    };
}
