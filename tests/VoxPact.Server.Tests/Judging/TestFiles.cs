using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;
using Sheets = DocumentFormat.OpenXml.Spreadsheet;

namespace VoxPact.Server.Tests.Judging;

/// <summary>Real files, written by the libraries that others write theirs with.</summary>
internal static class TestFiles
{
    /// <summary>A picture of one pixel.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <param name="text">One line of black text for each page.</param>
    public static byte[] Pdf(params string[] text) => Pdf(text, static (_, _) => { });

    public static byte[] Pdf(
        IEnumerable<string> text, Action<PdfPageBuilder, PdfDocumentBuilder.AddedFont> more)
    {
        using var pdf = new PdfDocumentBuilder();
        var font = pdf.AddStandard14Font(Standard14Font.Helvetica);
        foreach (string line in text)
        {
            var page = pdf.AddPage(595, 842);
            int y = 800;
            foreach (string[] words in line.Split(' ').Chunk(12))
                page.AddText(string.Join(' ', words), 11, new PdfPoint(40, y -= 20), font);
            more(page, font);
        }
        return pdf.Build();
    }

    public static Paragraph Paragraph(string text, params OpenXmlElement[] properties)
    {
        var run = new Run(new Text(text) { Space = SpaceProcessingModeValues.Preserve });
        if (properties.Length > 0) run.PrependChild(new RunProperties(properties));
        return new Paragraph(run);
    }

    public static byte[] Docx(params OpenXmlElement[] body) => Docx(body, static _ => { });

    public static byte[] Docx(IEnumerable<OpenXmlElement> body, Action<MainDocumentPart> more)
    {
        using var stream = new MemoryStream();
        using (var word = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var main = word.AddMainDocumentPart();
            main.Document = new Document(new Body(body));
            more(main);
        }
        return stream.ToArray();
    }

    public static byte[] Xlsx(string sheet, bool isHidden, params object[][] rows)
    {
        using var stream = new MemoryStream();
        using (var book = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var main = book.AddWorkbookPart();
            var shared = main.AddNewPart<SharedStringTablePart>();
            shared.SharedStringTable = new Sheets.SharedStringTable();
            var part = main.AddNewPart<WorksheetPart>();
            var data = new Sheets.SheetData();
            int strings = 0;
            foreach (object[] row in rows)
                data.Append(new Sheets.Row(row.Select(value =>
                {
                    if (value is not string text)
                        return (OpenXmlElement)new Sheets.Cell { CellValue = new Sheets.CellValue(Convert.ToDecimal(value)) };
                    shared.SharedStringTable.Append(new Sheets.SharedStringItem(new Sheets.Text(text)));
                    return new Sheets.Cell
                    {
                        DataType = Sheets.CellValues.SharedString,
                        CellValue = new Sheets.CellValue(strings++),
                    };
                })));
            part.Worksheet = new Sheets.Worksheet(data);
            main.Workbook = new Sheets.Workbook(new Sheets.Sheets(new Sheets.Sheet
            {
                Name = sheet,
                SheetId = 1,
                Id = main.GetIdOfPart(part),
                State = isHidden ? Sheets.SheetStateValues.VeryHidden : Sheets.SheetStateValues.Visible,
            }));
        }
        return stream.ToArray();
    }
}
