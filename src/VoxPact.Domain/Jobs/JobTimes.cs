namespace VoxPact.Domain.Jobs;

/// <summary>How long each state waits before its default acts, in microseconds.</summary>
public static class JobTimes
{
    public const long HourUs = 3_600_000_000;
    public const long FundingUs = 24 * HourUs;
    public const long StaleUs = 72 * HourUs;
    public const long ValidatingUs = 7 * 24 * HourUs;
    public const long FailedUs = 24 * HourUs;
    public const long DisputedUs = 14 * 24 * HourUs;
    public const long EvidenceUs = HourUs / 6;
    public const long LeastAfterReturnUs = 24 * HourUs;
    public const long UploadUs = 24 * HourUs;
    public const long AssessmentUs = HourUs;

    /// <summary>Between two looks at scores that nothing happens to, so that they fade.</summary>
    public const long FadingUs = 30 * 24 * HourUs;
    public const long RegistrationUs = 7 * 24 * HourUs;
}
