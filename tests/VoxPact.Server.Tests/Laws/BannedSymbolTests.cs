using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace VoxPact.Server.Tests.Laws;

/// <summary>
/// BannedSymbols.txt bans what it says: each line is a real symbol, and the analyzer of the build finds its
/// use.
/// </summary>
public sealed class BannedSymbolTests
{
    private const string Uses = """
        using System;
        using System.Threading;
        class Uses
        {
            object A => DateTime.Now;
            object B => DateTime.UtcNow;
            object C => DateTimeOffset.Now;
            object D => DateTimeOffset.UtcNow;
            object E => Guid.NewGuid();
            object F => Guid.CreateVersion7();
            object G => Random.Shared;
            void H() => Thread.Sleep(1);
            void I() => Thread.Sleep(TimeSpan.Zero);
        }
        """;

    [Fact]
    public void Each_line_names_a_symbol_that_exists()
    {
        var platform = Compile("");
        SourceTree.Holds(
            from line in Lines()
            let id = line.Item.Split(';')[0]
            where DocumentationCommentId.GetFirstSymbolForDeclarationId(id, platform) is null
            select new Breach("BannedSymbols.txt", line.Index + 1,
                $"{id} is no symbol, so nothing is banned: correct it."));
    }

    [Fact]
    public void Each_line_says_what_to_use_instead() => SourceTree.Holds(
        from line in Lines()
        where line.Item.Split(';') is not [_, { Length: > 10 }]
        select new Breach("BannedSymbols.txt", line.Index + 1, "Say after a semicolon what to use instead."));

    [Fact]
    public async Task The_analyzer_finds_every_use()
    {
        var found = await AnalyzeAsync(Uses);
        Assert.Equal(Lines().Count(), found.Count);
        Assert.All(found, use => Assert.Equal("RS0030", use.Id));
        Assert.Distinct(found.Select(use => use.Location.GetLineSpan().StartLinePosition.Line));
    }

    [Fact]
    public void The_build_runs_the_analyzer_and_takes_it_for_an_error()
    {
        string build = SourceTree.Read("Directory.Build.props");
        Assert.Contains("<PackageReference Include=\"Microsoft.CodeAnalysis.BannedApiAnalyzers\"", build);
        Assert.Contains("<AdditionalFiles Include=\"$(MSBuildThisFileDirectory)BannedSymbols.txt\" />", build);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", build);
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", SourceTree.Read(".editorconfig"));
    }

    [Fact]
    public void Nobody_silences_the_analyzer() => SourceTree.Holds(
        from path in SourceTree.Files
        where path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".csproj", StringComparison.Ordinal)
        where !path.EndsWith("/BannedSymbolTests.cs", StringComparison.Ordinal)
        from line in SourceTree.Read(path).Split('\n').Index()
        where line.Item.Contains("RS0030", StringComparison.Ordinal)
        select new Breach(path, line.Index + 1, "Use what BannedSymbols.txt names instead."));

    private static IEnumerable<(int Index, string Item)> Lines() =>
        SourceTree.Read("BannedSymbols.txt").TrimEnd().Split('\n').Index();

    private static CSharpCompilation Compile(string text) => CSharpCompilation.Create("Snippet",
        [CSharpSyntaxTree.ParseText(text)],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static async Task<IReadOnlyList<Diagnostic>> AnalyzeAsync(string text)
    {
        var loader = new Loader();
        var analyzers = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "analyzers"), "*.dll")
            .SelectMany(path => new AnalyzerFileReference(path, loader).GetAnalyzers(LanguageNames.CSharp))
            .ToImmutableArray();
        Assert.NotEmpty(analyzers);
        var options = new AnalyzerOptions([new BanList(SourceTree.Read("BannedSymbols.txt"))]);
        var found = await Compile(text).WithAnalyzers(analyzers, options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return found;
    }

    private sealed class BanList(string text) : AdditionalText
    {
        public override string Path => "BannedSymbols.txt";
        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
            // Its dependencies lie beside it and beside these tests.
        }

        public System.Reflection.Assembly LoadFromPath(string fullPath) =>
            System.Reflection.Assembly.LoadFrom(fullPath);
    }
}
