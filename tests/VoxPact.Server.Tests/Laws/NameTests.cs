using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace VoxPact.Server.Tests.Laws;

/// <summary>Names that say something, nothing left for later, nothing of the machine a file was written on.</summary>
public sealed partial class NameTests
{
    private static readonly string[] s_projects =
    [
        "bench/VoxPact.Bench", "src/VoxPact.Cli", "src/VoxPact.Client", "src/VoxPact.Domain", "src/VoxPact.Server",
        "src/VoxPact.StripeSimulator", "tests/VoxPact.CrashTests", "tests/VoxPact.Domain.Tests", "tests/VoxPact.Server.Tests",
    ];

    [GeneratedRegex("(Manager|Helpers?|Util|Utils|Utility|Utilities|Service|Impl|Base|Dto|Processor)$")]
    private static partial Regex Hollow();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Later();

    // A home, a scratch folder or a workspace with something below it, as an absolute path or a file URL.
    [GeneratedRegex(@"(?<![\w.}\])*/-])/(root|home|work|workspace|workspaces|tmp|mnt|Users)/[\w.]"
        + @"|\b[A-Z]:\\(Users|src|dev)\\")]
    private static partial Regex MachinePath();

    [Fact]
    public void No_type_has_a_hollow_name() => SourceTree.Holds(
        from source in SourceTree.Sources
        from type in source.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        where Hollow().IsMatch(type.Identifier.Text)
        select source.At(type, $"{type.Identifier.Text} says nothing: name what it does or is."));

    [Fact]
    public void No_folder_has_a_hollow_name() => SourceTree.Holds(
        from path in SourceTree.Files
        let hollow = path.Split('/')[..^1].FirstOrDefault(folder =>
            folder is "Common" or "Shared" or "Core" or "Infrastructure" || Hollow().IsMatch(folder))
        where hollow is not null
        select new Breach(path, 1, $"{hollow}/ says nothing: put the file in the room of its subject."));

    [Fact]
    public void A_new_project_needs_a_reason()
    {
        var projects = SourceTree.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).ToList();
        string solution = SourceTree.Read("VoxPact.slnx");
        SourceTree.Holds(
            from path in projects
            let folder = path[..path.LastIndexOf('/')]
            where !s_projects.Contains(folder) || !solution.Contains(path, StringComparison.Ordinal)
            select new Breach(path, 1,
                "Not a project of the house, or not in VoxPact.slnx: a folder becomes a project only "
                + "if it must be provably pure, ships to others, or is needed by two executables; then name it here."));
        Assert.Contains("src/VoxPact.Server/VoxPact.Server.csproj", projects);
    }

    [Fact]
    public void Nothing_is_left_for_later() => SourceTree.Holds(
        (from source in SourceTree.Sources
         from trivia in source.Root.DescendantTrivia(descendIntoTrivia: false)
         where trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
             || trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)
         where Later().IsMatch(trivia.ToString())
         select source.At(trivia.GetLocation(), "Do it now, or file it where work is planned; not in the tree."))
        .Concat(
            from source in SourceTree.Sources
            from name in source.Root.DescendantNodes().OfType<IdentifierNameSyntax>()
            where name.Identifier.Text == "NotImplementedException"
            select source.At(name,
                "A function that is not there yet must not be callable: finish it or take it out.")));

    [Fact]
    public void No_test_is_skipped() => SourceTree.Holds(
        from source in SourceTree.Sources
        where source.IsIn("tests/")
        from node in source.Root.DescendantNodes()
        where node is AttributeArgumentSyntax { NameEquals.Name.Identifier.Text: "Skip" or "SkipWhen" or "SkipUnless" }
            || node is MemberAccessExpressionSyntax call
            && call.Expression.ToString() == "Assert"
            && call.Name.Identifier.Text.StartsWith("Skip", StringComparison.Ordinal)
        select source.At(node, "A skipped test tells nothing: repair it or delete it."));

    [Fact]
    public void No_file_names_a_path_of_somebodys_machine() => SourceTree.Holds(
        from path in SourceTree.Files
        where IsText(path)
        from line in SourceTree.Read(path).Split('\n').Index()
        where MachinePath().IsMatch(line.Item)
        select new Breach(path, line.Index + 1,
            "A path of one machine: write it relative, or make a temporary folder."));

    private static bool IsText(string path) => Path.GetExtension(path)
        is ".cs" or ".csproj" or ".props" or ".slnx" or ".json" or ".md" or ".txt" or ".sql" or ".yml" or ".sh" or "";
}
