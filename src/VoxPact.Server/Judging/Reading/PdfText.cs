using UglyToad.PdfPig;
using UglyToad.PdfPig.Annotations;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Geometry;
using UglyToad.PdfPig.Graphics.Colors;

namespace VoxPact.Server.Judging.Reading;

/// <summary>The text of a PDF in reading order, page by page, and what a reader of its pages would not see.</summary>
internal static class PdfText
{
    private const double TinyPoints = 1.5;
    private const double White = 0.94;
    private const int MostPaths = 5_000;

    public static FileText Read(byte[] bytes)
    {
        try
        {
            // The text that a file gives itself beside its letters is not what its readers see.
            var options = new ParsingOptions { SkipMissingFonts = true, UseActualText = false };
            using var pdf = PdfDocument.Open(bytes, options);
            return Read(pdf);
        }
        catch (PdfDocumentEncryptedException)
        {
            return FileText.NotRead("is encrypted and could not be read");
        }
    }

    private static FileText Read(PdfDocument pdf)
    {
        var text = new ReadText();
        var unseen = new List<string>();
        int hidden = 0, images = 0, notes = 0, page = 0;
        while (page < pdf.NumberOfPages && page < ReadingLimits.Pages && !text.IsFull)
        {
            var read = pdf.GetPage(++page);
            text.EndLine();
            text.Add(ContentOrderTextExtractor.GetText(read));
            hidden += HiddenLetters(read);
            images += read.NumberOfImages;
            notes += read.GetAnnotations().Count(note => note.Type is not AnnotationType.Link);
        }
        if (page < pdf.NumberOfPages) unseen.Add($"has {pdf.NumberOfPages} pages, of which the first {page} were read");
        else if (text.IsFull) unseen.Add(DocumentText.TooLong);
        if (images > 0) unseen.Add($"holds images ({images}), which are not read");
        if (notes > 0) unseen.Add($"holds notes or form fields ({notes}), which are not read");
        if (pdf.Advanced.TryGetEmbeddedFiles(out var inside) && inside.Count > 0)
            unseen.Add($"holds other files ({inside.Count}), which are not read");
        return new FileText
        {
            Form = "pdf",
            Text = text.ToString(),
            Unseen = unseen,
            Hidden = hidden < ReadingLimits.HiddenLetters
                ? []
                : [$"has {hidden} letters that no reader sees: invisible, white, tiny or off the page"],
        };
    }

    private static int HiddenLetters(Page page)
    {
        List<PdfRectangle>? dark = null;
        return page.Letters.Count(letter => !string.IsNullOrWhiteSpace(letter.Value) && IsHidden(letter));

        bool IsHidden(Letter letter)
        {
            if (letter.RenderingMode is TextRenderingMode.Neither or TextRenderingMode.NeitherClip) return true;
            if (Math.Abs(letter.PointSize) < TinyPoints) return true;
            var at = letter.Location;
            var crop = page.CropBox.Bounds.Normalise();
            if (at.X < crop.Left || at.X > crop.Right || at.Y < crop.Bottom || at.Y > crop.Top) return true;
            if (letter.RenderingMode is not TextRenderingMode.Fill || !IsWhite(letter.FillColor)) return false;
            // White on something dark, or on an image, is a heading like any other.
            dark ??= [.. Dark(page)];
            var middle = letter.BoundingBox.Centroid;
            return !dark.Exists(area => area.Contains(middle));
        }
    }

    private static IEnumerable<PdfRectangle> Dark(Page page)
    {
        foreach (var path in page.Paths.Take(MostPaths))
            if (path.IsFilled && !IsWhite(path.FillColor) && path.GetBoundingRectangle() is { } area)
                yield return area.Normalise();
        foreach (var image in page.GetImages()) yield return image.BoundingBox.Normalise();
    }

    private static bool IsWhite(IColor? color)
    {
        if (color is null or PatternColor) return false;
        var (red, green, blue) = color.ToRGBValues();
        return red >= White && green >= White && blue >= White;
    }
}
