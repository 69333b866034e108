using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace VoxPact.Server.Tests.Laws;

/// <summary>A function fits a screen and a file a sitting. Beyond these limits nothing is read as a whole.</summary>
public sealed class SizeTests
{
    private const int FileLines = 450;
    private const int FunctionLines = 70;
    private const int LineColumns = 120;

    /// <summary>A table that is read down its columns: one line a route, however long.</summary>
    private const string Routes = "src/VoxPact.Server/Http/Routes.cs";

    [Fact]
    public void No_file_is_too_long() => SourceTree.Holds(
        from source in SourceTree.Sources
        let lines = source.Tree.GetText(Stop).Lines.Count
        where lines > FileLines
        select new Breach(source.Path, FileLines,
            $"{lines} lines, {FileLines} at most and 300 wanted: split by subject."));

    [Fact]
    public void No_function_is_too_long() => SourceTree.Holds(
        from source in SourceTree.Sources
        from function in source.Root.DescendantNodes()
        where function is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
            or AnonymousFunctionExpressionSyntax
        let lines = LineOf(function.GetLastToken()) - LineOf(FirstToken(function)) + 1
        where lines > FunctionLines
        select source.At(function, $"{lines} lines, {FunctionLines} at most: give a part of it a name of its own."));

    [Fact]
    public void No_line_of_the_product_is_too_long() => SourceTree.Holds(
        from source in SourceTree.Product
        from line in source.Tree.GetText(Stop).Lines
        where line.Span.Length > LineColumns && source.Path != Routes
        select new Breach(source.Path, line.LineNumber + 1,
            $"{line.Span.Length} columns, {LineColumns} at most and 110 wanted: break the line."));

    /// <summary>The attributes of a test are a table, not a part of the function.</summary>
    private static SyntaxToken FirstToken(SyntaxNode function) =>
        function is MemberDeclarationSyntax { AttributeLists: [.., var last] }
            ? last.GetLastToken().GetNextToken()
            : function.GetFirstToken();

    private static int LineOf(SyntaxToken token) => token.GetLocation().GetLineSpan().EndLinePosition.Line;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
