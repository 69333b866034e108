using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Work;
using VoxPact.Server.Http;
using Xunit;

namespace VoxPact.Server.Tests.Laws;

/// <summary>
/// The closed lists are complete: refusals, facts and work have everything that belongs to each of theirs.
/// </summary>
public sealed class CatalogueTests
{
    /// <summary>Tests that speak of all codes at once provoke none of them.</summary>
    private static readonly string[] s_general =
        ["tests/VoxPact.Server.Tests/Laws/", "tests/VoxPact.Server.Tests/Http/ProblemsTests.cs"];

    [Fact]
    public void Each_refusal_has_a_status_and_a_sentence_in_the_documentation()
    {
        string page = SourceTree.Read("docs/errors.md");
        SourceTree.Holds(
            from code in Enum.GetValues<RefusalCode>()
            where Problems.StatusOf(code) is < 400 or > 599
                || !page.Contains($"\n## {Word(code)}\n\n**{Problems.StatusOf(code)}, ", StringComparison.Ordinal)
            select new Breach("docs/errors.md", 1,
                $"{Word(code)} is missing: give it a row in Problems and write the page "
                + "with VOXPACT_WRITE_DOCS=1."));
    }

    /// <summary>A test says the code's word, so it has seen the answer.</summary>
    [Fact]
    public void Each_refusal_is_provoked_by_a_test()
    {
        var tests = SourceTree.Sources.Where(source => source.IsIn("tests/") && !source.IsIn(s_general))
            .SelectMany(source => source.Root.DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Where(IsTest).ToList();
        SourceTree.Holds(
            from code in Enum.GetValues<RefusalCode>()
            where !tests.Any(test => Says(test, Word(code)))
            select new Breach("src/VoxPact.Domain/Refusal.cs", LineOf(code),
                $"{Word(code)} is provoked by no test: write one that expects \"{Word(code)}\" in an answer."));
    }

    [Fact]
    public void Each_fact_has_one_row_that_explains_it() => SourceTree.Holds(
        from type in Enum.GetValues<FactType>()
        where FactTypes.All.Count(row => row.Type == type && row.Name.Contains('.') && row.Meaning.Length > 10) != 1
        select new Breach("src/VoxPact.Domain/Facts/FactTypes.cs", 1,
            $"{type} needs one row: name, recipients, meaning."));

    [Fact]
    public void Facts_differ_in_name_and_work_in_number()
    {
        Assert.Distinct(FactTypes.All.Select(row => row.Name));
        Assert.Distinct(Enum.GetValues<FactType>().Select(type => (int)type));
        Assert.Distinct(Enum.GetValues<WorkKind>().Select(kind => (int)kind));
    }

    [Fact]
    public void The_worker_runs_each_kind_of_work()
    {
        var worker =
            SourceTree.Server.Single(source => source.Path.EndsWith("Work/Worker.cs", StringComparison.Ordinal));
        var run = worker.Root.DescendantNodes().OfType<SwitchExpressionArmSyntax>()
            .Select(arm => arm.Pattern.ToString()).ToHashSet();
        SourceTree.Holds(
            from kind in Enum.GetValues<WorkKind>()
            where !run.Contains($"WorkKind.{kind}")
            select new Breach(worker.Path, 1,
                $"WorkKind.{kind} is run by nothing: give it an arm in the worker's switch."));
    }

    [Fact]
    public void The_compiler_asks_for_documentation_of_the_client()
    {
        string project = SourceTree.Read("src/VoxPact.Client/VoxPact.Client.csproj");
        Assert.Contains("<NoWarn>$(NoWarn.Replace(';CS1591', ''))</NoWarn>", project);
        Assert.Contains("<GenerateDocumentationFile>true<", SourceTree.Read("Directory.Build.props"));
        Assert.DoesNotContain(SourceTree.Product, source => source.IsIn("src/VoxPact.Client/")
            && source.Root.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia)));
    }

    private static string Word(RefusalCode code) => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());

    private static bool IsTest(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute =>
            attribute.Name.ToString() is "Fact" or "Theory");

    /// <summary>In the test or in the rows of its table, as text or as the member of the list.</summary>
    private static bool Says(MethodDeclarationSyntax test, string word) =>
        test.DescendantTokens().Any(token => token.Value as string == word);

    private static int LineOf(RefusalCode code) =>
        SourceTree.Sources.Single(source => source.Path == "src/VoxPact.Domain/Refusal.cs").Root.DescendantNodes()
            .OfType<EnumMemberDeclarationSyntax>().Single(member => member.Identifier.Text == code.ToString())
            .GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
