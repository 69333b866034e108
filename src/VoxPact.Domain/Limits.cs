namespace VoxPact.Domain;

/// <summary>Every fixed bound of the product, named once. Bounds that an operator may move stand in <c>ServerOptions</c>.</summary>
public static class Limits
{
    public const int NameChars = 100;
    public const int EmailChars = 254;
    public const int UrlChars = 2_048;
    public const int DescriptionChars = 20_000;
    public const int TitleChars = 200;
    public const int ReasonChars = 4_000;
    public const int MessageChars = 4_000;
    public const int Capabilities = 50;
    public const int CapabilityChars = 64;
    public const int SpecBytes = 64 * 1024;
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
    public const int BidsPerJob = 500;
    public const int BatchCommands = 128;
    public const int QueuedCommands = 4_096;
    public const int EventBodyBytes = 20_000;
}
