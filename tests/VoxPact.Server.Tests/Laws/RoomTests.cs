using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace VoxPact.Server.Tests.Laws;

/// <summary>Who may touch what: each thing that can go wrong has one room.</summary>
public sealed partial class RoomTests
{
    private const string Payments = "src/VoxPact.Server/Payments/";
    private const string Judging = "src/VoxPact.Server/Judging/";
    private const string Http = "src/VoxPact.Server/Http/";

    /// <summary>Text that begins like a statement of SQL; what stands in an interpolation reads as a word.</summary>
    [GeneratedRegex(@"^\s*(select\s.+\sfrom\s|select\s+\d|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Sql();

    [GeneratedRegex("^(Http)?Status(Code)?$", RegexOptions.IgnoreCase)]
    private static partial Regex StatusName();

    [Fact]
    public void Sql_is_written_only_under_Storage() => SourceTree.Holds(
        from source in SourceTree.Product
        where !source.Path.Contains("/Storage/", StringComparison.Ordinal)
        from text in source.Root.DescendantNodes().OfType<ExpressionSyntax>()
        where IsWholeText(text) && Sql().IsMatch(TextOf(text))
        select source.At(text, "SQL outside Storage/: move it there, behind a name that says what is asked."));

    [Fact]
    public void Readers_find_a_caller_by_key_in_one_place() => SourceTree.Holds(
        from source in SourceTree.Product
        where source.IsIn("src/VoxPact.Server/Storage/Queries/")
            && !source.Path.EndsWith("/CallerQueries.cs", StringComparison.Ordinal)
        from text in source.Root.DescendantNodes().OfType<ExpressionSyntax>()
        where IsWholeText(text) && TextOf(text).Contains("key_hash =", StringComparison.Ordinal)
        select source.At(text, "A caller found by key: use CallerQueries.Id, which knows named keys too."));

    [Fact]
    public void Stripes_library_is_used_only_under_Payments() => SourceTree.Holds(
        Uses("Stripe", Payments, "keep Stripe's types behind the gateway in Payments/."));

    [Fact]
    public void Model_libraries_are_used_only_under_Judging() => SourceTree.Holds(
        new[] { "Microsoft.Extensions.AI", "Anthropic", "OpenAI", "OllamaSharp" }
            .SelectMany(name => Uses(name, Judging, "keep the models behind the panel in Judging/.")));

    [Fact]
    public void The_bucket_is_used_only_under_Files() => SourceTree.Holds(
        Uses("Amazon", "src/VoxPact.Server/Files/", "ask IFileStore."));

    [Fact]
    public void The_bare_database_is_used_only_under_Storage() => SourceTree.Holds(
        new[] { "Npgsql", "NpgsqlTypes", "Microsoft.Data.Sqlite", "SQLitePCL", "DbUp" }.SelectMany(name =>
            Uses(name, "src/VoxPact.Server/Storage/", "ask IStore.", "src/VoxPact.StripeSimulator/Storage/")));

    [Fact]
    public void Status_codes_are_given_only_in_Http() => SourceTree.Holds(
        from source in SourceTree.Server
        where !source.IsIn(Http, "src/VoxPact.Server/Demo/")
        from node in source.Root.DescendantNodes()
        where node is MemberAccessExpressionSyntax access && access.Expression.ToString() == "StatusCodes"
            || (IsStatusNumber(node) && !ReadsAnothersAnswer(source))
        select source.At(node, "A status outside Http/: return a Refusal (Problems knows its status) or use Answers."));

    [Fact]
    public void Operations_never_call_each_other()
    {
        var operations = HandlersOf(SourceTree.Server.Single(source => source.Path == Http + "Routes.cs"));
        Assert.True(operations.Count > 20, "Routes.cs is not read as it is written.");
        SourceTree.Holds(
            from source in SourceTree.Server
            where !source.IsIn(Http)
            from access in source.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            let name = access.ToString()
            where operations.Contains(name)
            select source.At(access,
                $"{name} is an operation: share the domain or the engine's command, not the call."));
    }

    [Fact]
    public void An_interface_has_two_real_implementations() => SourceTree.Holds(
        from source in SourceTree.Product
        from declared in source.Root.DescendantNodes().OfType<InterfaceDeclarationSyntax>()
        where Implementations(declared.Identifier.Text) < 2
        select source.At(declared,
            $"{declared.Identifier.Text} has fewer than two implementations: use the type itself."));

    private static IEnumerable<Breach> Uses(string name, string home, string advice, string otherHome = "-") =>
        from source in SourceTree.Product
        where !source.IsIn(home, otherHome)
        from node in source.Root.DescendantNodes()
        where node is UsingDirectiveSyntax { Name: { } used } && Begins(used.ToString(), name)
            || node is QualifiedNameSyntax qualified && Begins(qualified.ToString(), name + ".")
            || node is AliasQualifiedNameSyntax alias && Begins(alias.Name.ToString(), name)
        select source.At(node, $"{name} outside {home}: {advice}");

    private static bool Begins(string used, string name) =>
        used == name || used.StartsWith(name.TrimEnd('.') + ".", StringComparison.Ordinal);

    private static int Implementations(string name) =>
        SourceTree.Product.SelectMany(source => source.Root.DescendantNodes().OfType<TypeDeclarationSyntax>())
            .Where(type => type is not InterfaceDeclarationSyntax)
            .Count(type => type.BaseList?.Types.Any(parent => parent.Type.ToString() == name) == true);

    /// <summary>The methods that the table of routes names, such as <c>GetJob.Handle</c>.</summary>
    private static HashSet<string> HandlersOf(Source routes) =>
    [
        .. routes.Root.DescendantNodes().OfType<ArgumentSyntax>().Select(argument => argument.Expression)
            .OfType<MemberAccessExpressionSyntax>().Select(access => access.ToString())
            .Where(name => !name.StartsWith("Who.", StringComparison.Ordinal)),
    ];

    /// <summary>
    /// The answers of Stripe, of webhook endpoints and of model servers have statuses, which are read there.
    /// </summary>
    private static bool ReadsAnothersAnswer(Source source) =>
        source.IsIn(Payments + "Stripe", Judging + "ModelTransport", "src/VoxPact.Server/Webhooks/");

    /// <summary>A number from 400 to 599 beside, or in a switch over, something called a status.</summary>
    private static bool IsStatusNumber(SyntaxNode node) =>
        node is LiteralExpressionSyntax { Token.Value: int and >= 400 and <= 599 } number
        && number.FirstAncestorOrSelf<SyntaxNode>(above => above is StatementSyntax or MemberDeclarationSyntax)!
            .DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => StatusName().IsMatch(name.Identifier.Text));

    /// <summary>A text, or the whole of several that are added up.</summary>
    private static bool IsWholeText(ExpressionSyntax text) =>
        (IsText(text) || text is BinaryExpressionSyntax) && text.Parent is not BinaryExpressionSyntax;

    private static bool IsText(ExpressionSyntax text) =>
        text is InterpolatedStringExpressionSyntax || text.IsKind(SyntaxKind.StringLiteralExpression);

    private static string TextOf(ExpressionSyntax text) => text switch
    {
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        InterpolatedStringExpressionSyntax parts => string.Concat(parts.Contents.Select(part =>
            part is InterpolatedStringTextSyntax written ? written.TextToken.ValueText : "x")),
        BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) => TextOf(sum.Left) + TextOf(sum.Right),
        ParenthesizedExpressionSyntax inner => TextOf(inner.Expression),
        _ => " x ",
    };
}
