namespace VoxPact.Server.Tests.Harness;

/// <summary>Works to submit; the marks steer the sandbox judges' verdict.</summary>
internal static class Deliverables
{
    private const string Text =
        "Summary: the quarterly report finds revenue up 12 percent. Costs fell because two offices were closed.";

    /// <summary>Both judges pass it without being told to.</summary>
    public const string Good = Text;

    public const string Pass = Text + " [sandbox:pass]";
    public const string Fail = Text + " [sandbox:fail]";
    public const string Unsure = Text + " [sandbox:unsure]";
    public const string Suspect = Text + " [sandbox:suspect]";

    /// <summary>A judge cannot be reached, so there is no verdict.</summary>
    public const string Unjudged = Text + " [sandbox:unreachable]";
}
