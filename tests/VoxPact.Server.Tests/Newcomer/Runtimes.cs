using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

/// <summary>
/// Programs of other languages that some tests run where they are. What <c>VOXPACT_TEST_RUNTIMES</c> names, separated by
/// commas, must be there; of what else is missing, the test says in one line that it was not run.
/// </summary>
internal static class Runtimes
{
    private static readonly string[] s_demanded =
        (Environment.GetEnvironmentVariable("VOXPACT_TEST_RUNTIMES") ?? "").Split(',');

    /// <summary>True when a program of that name can be started.</summary>
    public static bool Has(string program) => Has(program, IsOnPath(program), $"there is no {program} here");

    /// <param name="name">By which <c>VOXPACT_TEST_RUNTIMES</c> demands it.</param>
    /// <param name="isThere">Whether it was found.</param>
    /// <param name="why">The end of a sentence: why the test was not run.</param>
    public static bool Has(string name, bool isThere, string why)
    {
        if (isThere) return true;
        Assert.False(s_demanded.Contains(name), $"VOXPACT_TEST_RUNTIMES demands {name}, but {why}.");
        TestContext.Current.AddWarning($"Not run: {why}.");
        return false;
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
