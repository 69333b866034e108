using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;

namespace VoxPact.Server.Http;

/// <summary>The summaries of the wire records, as their own documentation comments say them.</summary>
internal sealed class XmlWords
{
    private const string Resource = "VoxPact.Client.xml";

    private readonly Dictionary<string, string> _summaries;

    public XmlWords()
    {
        using var stream = typeof(XmlWords).Assembly.GetManifestResourceStream(Resource)!;
        _summaries = XDocument.Load(stream).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(
                member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));
    }

    public string? Of(Type type) => _summaries.GetValueOrDefault($"T:{NameOf(type)}");

    public string? Of(MemberInfo member) =>
        _summaries.GetValueOrDefault($"P:{NameOf(member.DeclaringType!)}.{member.Name}");

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

    private static string Text(XElement summary) => string.Join(' ', string.Concat(summary.Nodes().Select(Text))
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => $"`{Wire(see.Attribute("cref")!.Value)}`",
        XElement element => $"`{element.Value}`",
        _ => "",
    };

    /// <summary>A member goes by its name on the wire, a type by its own.</summary>
    private static string Wire(string cref)
    {
        string name = cref[(cref.LastIndexOf('.') + 1)..];
        return cref.StartsWith("P:", StringComparison.Ordinal)
            ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name)
            : name;
    }
}
