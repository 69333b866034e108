using Xunit;

namespace VoxPact.Domain.Tests;

/// <summary>
/// The documents that the code writes about itself, compared with it or, when asked, written anew.
/// </summary>
internal static class Repository
{
    /// <summary>Set <c>VOXPACT_WRITE_DOCS=1</c> to write the page instead of comparing it.</summary>
    public static void Holds(string page, string expected)
    {
        string path = Path.Combine(Root(), page);
        if (Environment.GetEnvironmentVariable("VOXPACT_WRITE_DOCS") == "1") File.WriteAllText(path,
            expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VoxPact.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
