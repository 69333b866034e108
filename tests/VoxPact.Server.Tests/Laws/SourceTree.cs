using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace VoxPact.Server.Tests.Laws;

/// <summary>A place that breaks a law, and what to do about it.</summary>
internal sealed record Breach(string Path, int Line, string What)
{
    public override string ToString() => $"{Path}:{Line}: {What}";
}

/// <summary>One C# file of the tree, parsed.</summary>
internal sealed record Source(string Path, SyntaxTree Tree)
{
    public SyntaxNode Root => Tree.GetRoot();

    /// <summary>True for files below one of these folders, or for one of these files, counted from the root.</summary>
    public bool IsIn(params ReadOnlySpan<string> places)
    {
        foreach (string place in places)
            if (Path.StartsWith(place, StringComparison.Ordinal)) return true;
        return false;
    }

    public Breach At(SyntaxNode node, string what) => At(node.GetLocation(), what);

    public Breach At(Location where, string what) =>
        new(Path, where.GetLineSpan().StartLinePosition.Line + 1, what);
}

/// <summary>The text of the repository, as the laws read it: what is built or generated is left out.</summary>
internal static class SourceTree
{
    private static readonly string[] s_folders = ["src", "tests", "bench", "docs", ".ci"];
    private static readonly HashSet<string> s_built = ["bin", "obj", "TestResults", "node_modules"];

    private static readonly Lazy<IReadOnlyList<Source>> s_sources = new(ParseAll);

    public static string Root { get; } = FindRoot();

    /// <summary>Every file people write, its path counted from the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. FindFiles().Order(StringComparer.Ordinal)];

    /// <summary>Every C# file.</summary>
    public static IReadOnlyList<Source> Sources => s_sources.Value;

    public static IEnumerable<Source> Product => Sources.Where(source => source.IsIn("src/"));

    public static IEnumerable<Source> Server => Sources.Where(source => source.IsIn("src/VoxPact.Server/"));

    public static string Read(string path) => File.ReadAllText(System.IO.Path.Combine(Root, path));

    /// <summary>Fails with every breach on a line of its own.</summary>
    public static void Holds(IEnumerable<Breach> breaches)
    {
        var found = breaches.Distinct().ToList();
        if (found.Count > 0) Assert.Fail(string.Join('\n', found));
    }

    private static IReadOnlyList<Source> ParseAll() =>
        [.. Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Select(Parse)];

    private static Source Parse(string path) =>
        new(path, CSharpSyntaxTree.ParseText(Read(path), path: path));

    private static IEnumerable<string> FindFiles()
    {
        foreach (string path in Directory.EnumerateFiles(Root)) yield return Relative(path);
        foreach (string folder in s_folders)
            foreach (string path in Below(System.IO.Path.Combine(Root, folder))) yield return path;
    }

    private static IEnumerable<string> Below(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (string path in Directory.EnumerateFiles(folder)) yield return Relative(path);
        foreach (string inner in Directory.EnumerateDirectories(folder))
        {
            if (s_built.Contains(System.IO.Path.GetFileName(inner))) continue;
            foreach (string path in Below(inner)) yield return path;
        }
    }

    private static string Relative(string path) => System.IO.Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "VoxPact.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No VoxPact.slnx above {AppContext.BaseDirectory}.");
    }
}
