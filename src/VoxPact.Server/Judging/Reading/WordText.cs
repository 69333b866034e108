using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace VoxPact.Server.Judging.Reading;

/// <summary>The text of a DOCX: body, headers, footers, notes, comments, and what Word would not show.</summary>
internal static class WordText
{
    private const int TinyHalfPoints = 4;

    public static FileText Read(byte[] bytes)
    {
        using var word = WordprocessingDocument.Open(
            new MemoryStream(bytes, writable: false), isEditable: false,
            new OpenSettings { MaxCharactersInPart = ReadingLimits.PartChars });
        if (word.MainDocumentPart is not { Document: { } document } main)
            return FileText.NotRead("could not be read: it has no document in it");
        var text = new ReadText();
        var styles = HiddenStyles(main.StyleDefinitionsPart?.Styles);
        int hidden = 0;
        OpenXmlElement?[] parts =
        [
            .. main.HeaderParts.Select(part => part.Header), document, .. main.FooterParts.Select(part => part.Footer),
            main.FootnotesPart?.Footnotes, main.EndnotesPart?.Endnotes, main.WordprocessingCommentsPart?.Comments,
        ];
        foreach (var part in parts.OfType<OpenXmlElement>())
        {
            text.EndLine();
            hidden += Write(part, text, styles);
        }
        var unseen = new List<string>();
        if (text.IsFull) unseen.Add(DocumentText.TooLong);
        int images = main.ImageParts.Count();
        if (images > 0) unseen.Add($"holds images ({images}), which are not read");
        int others = main.EmbeddedPackageParts.Count() + main.EmbeddedObjectParts.Count()
            + main.AlternativeFormatImportParts.Count() + main.ChartParts.Count();
        if (others > 0) unseen.Add($"holds other files or charts ({others}), which are not read");
        return new FileText
        {
            Form = "docx",
            Text = text.ToString(),
            Unseen = unseen,
            Hidden = hidden < ReadingLimits.HiddenLetters
                ? []
                : [$"has {hidden} letters that no reader sees: hidden, white or tiny"],
        };
    }

    /// <summary>Adds the text of a part; answers how many of its letters are hidden.</summary>
    private static int Write(OpenXmlElement part, ReadText text, HashSet<string> styles)
    {
        int hidden = 0;
        foreach (var element in part.Descendants())
        {
            if (text.IsFull) break;
            if (element is Paragraph or TableRow) text.EndLine();
            else if (element is TabChar or TableCell) text.Add("\t");
            else if (element is Break or CarriageReturn) text.Add("\n");
            // A drawing's text stands twice, the second time for old programs.
            if (element is not Text { Text: { } words }
                || element.Ancestors<AlternateContentFallback>().Any()) continue;
            text.Add(words);
            if (element.Parent is Run run && IsHidden(run, styles)) hidden += words.Count(c => !char.IsWhiteSpace(c));
        }
        return hidden;
    }

    private static bool IsHidden(Run run, HashSet<string> styles)
    {
        var own = run.RunProperties;
        if (IsOn(own?.Vanish) || IsOn(own?.WebHidden) || IsTiny(own?.FontSize)) return true;
        bool inStyle = styles.Count > 0
            && ((own?.RunStyle?.Val?.Value is { } style && styles.Contains(style))
                || (run.Ancestors<Paragraph>().FirstOrDefault()?.ParagraphProperties?.ParagraphStyleId?.Val?.Value
                    is { } paragraph && styles.Contains(paragraph)));
        if (!inStyle && !IsWhite(own?.Color)) return false;
        // White on a shade is a heading like any other; so is a style whose white the run itself overrides.
        return (!inStyle || own?.Color is null) && !IsShaded(run);
    }

    private static bool IsShaded(Run run)
    {
        if (run.RunProperties?.Highlight is not null) return true;
        Shading?[] shades =
        [
            run.RunProperties?.Shading,
            run.Ancestors<Paragraph>().FirstOrDefault()?.ParagraphProperties?.Shading,
            run.Ancestors<TableCell>().FirstOrDefault()?.TableCellProperties?.Shading,
        ];
        return shades.Any(shade => shade?.Fill?.Value is { } fill && !IsWhite(fill) && fill != "auto");
    }

    /// <summary>Styles that hide what is written in them, by themselves or by the style that they rest on.</summary>
    private static HashSet<string> HiddenStyles(Styles? styles)
    {
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        if (styles is null) return hidden;
        List<Style> all = [.. styles.Elements<Style>()];
        int before;
        do
        {
            before = hidden.Count;
            foreach (var style in all)
                if (style.StyleId?.Value is { } id && (Hides(style.StyleRunProperties)
                    || (style.BasedOn?.Val?.Value is { } basis && hidden.Contains(basis)))) hidden.Add(id);
        } while (hidden.Count > before);
        return hidden;
    }

    private static bool Hides(StyleRunProperties? style) => style is not null
        && (IsOn(style.Vanish) || IsTiny(style.FontSize) || IsWhite(style.Color));

    private static bool IsOn(OnOffType? mark) => mark is not null && (mark.Val is null || mark.Val.Value);

    private static bool IsTiny(FontSize? size) =>
        int.TryParse(size?.Val?.Value, out int halfPoints) && halfPoints <= TinyHalfPoints;

    private static bool IsWhite(Color? color) => color?.Val?.Value is { } value && IsWhite(value);

    private static bool IsWhite(string hex) => hex.Length == 6
        && hex.Chunk(2).All(pair => pair[0] is 'F' or 'f');
}
