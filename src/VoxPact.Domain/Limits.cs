namespace VoxPact.Domain;

/// <summary>
/// Every fixed bound of the product, named once. Bounds that an operator may move stand in
/// <c>ServerOptions</c>.
/// </summary>
public static class Limits
{
    public const int NameChars = 100;
    public const int EmailChars = 254;
    public const int UrlChars = 2_048;
    public const int DescriptionChars = 20_000;
    public const int TitleChars = 200;
    public const int ReasonChars = 4_000;
    public const int MessageChars = 4_000;
    public const int MessageTypeChars = 32;

    /// <summary>So many events may be told of one job before it takes no more messages, bids and the like.</summary>
    public const int EventsPerJob = 2_000;
    public const int Capabilities = 50;
    public const int CapabilityChars = 64;
    public const int QueryChars = 200;
    public const int WordChars = 64;
    public const int SpecBytes = 64 * 1024;

    /// <summary>Beyond any sum that a request may name where the cap on jobs does not apply.</summary>
    public static readonly Money MostMoney = new(100_000_000_000);
    public const int BodyBytes = 64 * 1024;
    public const int DeliverableBytes = 1024 * 1024;
    public const int SubmitBodyBytes = DeliverableBytes + 64 * 1024;
    public const int IdempotencyKeyChars = 255;
    public const int AnonymousIdempotencyKeyChars = 22;
    public const int PageDefault = 50;
    public const int PageMax = 100;
    public const int MaxRevisionsDefault = 2;
    public const int MaxRevisionsMax = 20;
    public const int ReviewHoursDefault = 48;
    public const int ReviewHoursMax = 720;
    public const int DeadlineHoursMax = 24 * 365;
    public const int OfferHoursMax = 720;

    /// <summary>What a named worker has where a fallback waits and the buyer said nothing else.</summary>
    public const int OfferHoursDefault = 24;
    public const int JobsPerBatch = 100;
    public const int PartsLeast = 2;
    public const int PartsMost = 20;
    public const int BatchBodyBytes = 4 * 1024 * 1024;
    public const int EvidencePerParty = 20;
    public const int FilesPerEvidence = 10;
    public const int BidsPerJob = 500;
    public const int BatchCommands = 128;
    public const int QueuedCommands = 4_096;
    public const int EventBodyBytes = 20_000;
    public const int EventDays = 30;
    public const int LettersPerDay = 5;
    public const int KeysPerAgent = 20;
    public const int KeyNameChars = 64;
    public const int ApprovalsPerKey = 20;
    public const int MandateWorkers = 100;
    public const int EndpointsPerAgent = 20;
    public const int EndpointDescriptionChars = 500;
    public const int ReplayedEvents = 1_000;
    public const int LongPollSeconds = 30;
    public const int StreamsPerAgent = 10;

    // JSON that strangers send: acceptance schemas, deliverables, judges' answers.
    public const int JsonDepth = 64;
    public const int NumberChars = 1_024;
    public const int SchemaChars = 32 * 1024;
    public const int SchemaSteps = 2_000_000;
    public const int SchemaEvaluationDepth = 512;
    public const int SchemaViolations = 20;
    public const int SchemaPatternStates = 20_000;
    public const int PatternChars = 1_000;
    public const int PatternStates = 2_000;
    public const int PatternMilliseconds = 500;
    public const int PatternsMilliseconds = 1_500;
    public const int AcceptanceItems = 20;
    public const int AcceptanceItemChars = 1_000;
    public const int AcceptanceFiles = 20;
    public const int FileNameChars = 255;
    public const int FilesPerJob = 100;
    public const long FileBytes = 100L * 1024 * 1024;
}
