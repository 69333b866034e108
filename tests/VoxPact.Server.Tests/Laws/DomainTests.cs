using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace VoxPact.Server.Tests.Laws;

/// <summary>
/// The domain is pure, and only its own few places set a state or make an entry. Asked of the compiler.
/// </summary>
public sealed class DomainTests
{
    private const string Domain = "src/VoxPact.Domain/";

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly string[] s_outside =
    [
        "System.IO", "System.Net", "System.Threading", "System.Diagnostics", "System.Data", "System.Reflection",
        "Microsoft", "VoxPact.Client", "VoxPact.Server",
    ];

    private static readonly HashSet<string> s_banned =
        ["System.DateTime", "System.Environment", "System.Console", "System.Random", "System.TimeProvider"];

    private static readonly Lazy<CSharpCompilation> s_compilation = new(Compile);

    [Fact]
    public void The_domain_compiles_by_itself()
    {
        var errors =
            s_compilation.Value.GetDiagnostics(Stop).Where(found => found.Severity is DiagnosticSeverity.Error);
        Assert.Empty(errors.Select(error => error.ToString()));
    }

    [Fact]
    public void The_domain_knows_no_async_no_io_and_no_clock() => SourceTree.Holds(
        from source in InDomain
        let model = s_compilation.Value.GetSemanticModel(source.Tree)
        from name in source.Root.DescendantNodes().OfType<SimpleNameSyntax>()
        where name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null
        let type = TypeOf(model.GetSymbolInfo(name, Stop).Symbol)
        where type is not null && IsOutside(type)
        select source.At(name, $"{type} in the domain: take what it gives as an argument."));

    [Fact]
    public void Nothing_in_the_domain_waits() => SourceTree.Holds(
        from source in InDomain
        from token in source.Root.DescendantTokens()
        where token.IsKind(SyntaxKind.AsyncKeyword) || token.IsKind(SyntaxKind.AwaitKeyword)
        select source.At(token.GetLocation(),
            "The domain decides at once: let the server wait and pass the outcome in."));

    [Fact]
    public void The_domain_has_no_floating_point() => SourceTree.Holds(
        from source in InDomain
        let model = s_compilation.Value.GetSemanticModel(source.Tree)
        from expression in source.Root.DescendantNodes().OfType<ExpressionSyntax>()
        let info = model.GetTypeInfo(expression, Stop)
        where IsFloating(info.Type) || IsFloating(info.ConvertedType)
        select source.At(expression, "Floating point in the domain: use long, Money, BasisPoints or decimal."));

    [Fact]
    public void A_jobs_state_is_set_only_where_a_step_enters_it() => SourceTree.Holds(
        from source in InDomain
        let model = s_compilation.Value.GetSemanticModel(source.Tree)
        from assignment in source.Root.DescendantNodes().OfType<AssignmentExpressionSyntax>()
        where model.GetSymbolInfo(assignment.Left, Stop).Symbol is IPropertySymbol
        {
            Name: "State", ContainingType.Name: "Job",
        }
        let method = assignment.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.Text
        where (Path.GetFileName(source.Path), method) is not (("JobStep.cs", "Enter") or ("Job.cs", "Restore"))
        select source.At(assignment, "Job.State is set only in JobStep.Enter: enter the state from JobLifecycle."));

    [Fact]
    public void A_job_is_restored_only_from_storage() => SourceTree.Holds(
        from source in SourceTree.Product
        where !source.IsIn("src/VoxPact.Server/Storage/")
        from access in source.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
        where access.ToString().EndsWith("Job.Restore", StringComparison.Ordinal)
        select source.At(access, "Job.Restore is for rows that are read: change a state by a step of JobLifecycle."));

    [Fact]
    public void A_job_takes_a_step_only_in_its_lifecycle() => SourceTree.Holds(
        from source in InDomain
        where !source.IsIn(Domain + "Jobs/JobLifecycle")
        let model = s_compilation.Value.GetSemanticModel(source.Tree)
        from made in source.Root.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>()
        where model.GetTypeInfo(made, Stop).Type is { Name: "JobStep" }
        select source.At(made, "A step is taken outside JobLifecycle: make it a function there."));

    [Fact]
    public void Movements_alone_make_entries() => SourceTree.Holds(
        (from source in InDomain
         where !source.IsIn(Domain + "Ledger/Movements.cs")
         let model = s_compilation.Value.GetSemanticModel(source.Tree)
         from made in source.Root.DescendantNodes().OfType<ExpressionSyntax>()
         where made is BaseObjectCreationExpressionSyntax or WithExpressionSyntax
             && model.GetTypeInfo(made, Stop).Type is { Name: "Entry" }
         select source.At(made, "An entry is made outside Movements: add the movement there."))
        .Concat(
            from source in SourceTree.Server
            where !source.IsIn("src/VoxPact.Server/Storage/LogTables.cs")
            from made in source.Root.DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
            where made.Type.ToString() is "Entry" or "Domain.Ledger.Entry"
            select source.At(made, "An entry is made outside Movements: add the movement there.")));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IEnumerable<Source> InDomain => SourceTree.Product.Where(source => source.IsIn(Domain));

    private static CSharpCompilation Compile() => CSharpCompilation.Create("VoxPact.Domain",
        [CSharpSyntaxTree.ParseText(Usings), .. InDomain.Select(source => source.Tree)],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable));

    private static INamedTypeSymbol? TypeOf(ISymbol? symbol) => symbol switch
    {
        INamedTypeSymbol type => type,
        null or INamespaceSymbol or ITypeParameterSymbol or IRangeVariableSymbol => null,
        _ => symbol.ContainingType,
    };

    private static bool IsOutside(INamedTypeSymbol type)
    {
        string space = type.ContainingNamespace?.ToString() ?? "";
        if (space == "System.Diagnostics.CodeAnalysis") return false;
        return s_banned.Contains(type.ToString()!)
            || s_outside.Any(outside => space == outside || space.StartsWith(outside + ".", StringComparison.Ordinal));
    }

    private static bool IsFloating(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_Single or SpecialType.System_Double } || type is { Name: "Half" };
}
