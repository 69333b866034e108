using System.Text;
using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace VoxPact.Server.Demo;

/// <summary>Reads a Markdown document into its summary.</summary>
internal static class ReadMarkdown
{
    private const int MostSections = 200;
    private const int MostLinks = 100;
    private const int MostOpening = 400;
    private const string Preamble = "(before the first heading)";

    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder()
            .UseYamlFrontMatter().UsePipeTables().UseFootnotes().UseAutoLinks().Build();

    public static MarkdownSummary Run(SourceDocument document)
    {
        string text = document.Text();
        var tree = Markdown.Parse(text, Pipeline);
        var count = new WordCount();
        var sections = new Dictionary<string, int>();
        string? title = null, opening = null, section = null;
        int codeBlocks = 0;
        foreach (var block in tree.Descendants().OfType<LeafBlock>())
        {
            if (block is CodeBlock or YamlFrontMatterBlock or HtmlBlock)
            {
                if (block is CodeBlock and not YamlFrontMatterBlock) codeBlocks++;
                continue;
            }
            string words = Plain(block.Inline);
            int added = count.Add(words);
            if (block is HeadingBlock heading)
            {
                if (heading.Level == 1) title ??= words;
                section = NewSection(sections, words);
                continue;
            }
            if (added == 0) continue;
            if (section is null) section = NewSection(sections, Preamble);
            if (section is not null) sections[section] += added;
            if (block is ParagraphBlock) opening ??= FirstSentences(words);
        }
        return new MarkdownSummary
        {
            File = document.Name,
            Sha256 = document.Sha256,
            Title = title ?? sections.Keys.FirstOrDefault(name => name != Preamble) ?? document.Name,
            Opening = opening ?? "",
            Words = count.Words,
            Lines = text.AsSpan().TrimEnd('\n').Count('\n') + 1,
            CodeBlocks = codeBlocks,
            Sections = sections,
            Links = Links(tree),
            TopTerms = count.Top(),
        };
    }

    private static string? NewSection(Dictionary<string, int> sections, string heading)
    {
        if (sections.Count == MostSections) return null;
        string name = heading.Length == 0 ? "(no text)" : heading;
        for (int again = 2; !sections.TryAdd(name, 0); again++) name = $"{heading} ({again})";
        return name;
    }

    private static List<string> Links(MarkdownDocument tree)
    {
        var addresses = tree.Descendants<LinkInline>().Where(link => !link.IsImage).Select(link => link.Url)
            .Concat(tree.Descendants<AutolinkInline>().Select(link => link.Url));
        return [.. addresses.OfType<string>().Where(url => url.Length > 0).Distinct().Take(MostLinks)];
    }

    private static string Plain(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines?.Descendants() ?? [])
        {
            switch (inline)
            {
                case LiteralInline literal: text.Append(literal.Content.AsSpan()); break;
                case CodeInline code: text.Append(code.Content); break;
                case HtmlEntityInline entity: text.Append(entity.Transcoded.AsSpan()); break;
                case LineBreakInline: text.Append(' '); break;
            }
        }
        return text.ToString().Trim();
    }

    /// <summary>Two sentences, or the beginning of one that never ends.</summary>
    private static string FirstSentences(string text)
    {
        int end = 0;
        for (int sentence = 0; sentence < 2 && end < text.Length; sentence++)
        {
            int stop = end;
            while (stop < text.Length && !(text[stop] is '.' or '!' or '?'
                && (stop + 1 == text.Length || char.IsWhiteSpace(text[stop + 1])))) stop++;
            end = Math.Min(stop + 1, text.Length);
        }
        return end <= MostOpening ? text[..end] : text[..MostOpening].TrimEnd() + "…";
    }
}
