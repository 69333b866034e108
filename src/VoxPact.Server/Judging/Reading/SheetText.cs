using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace VoxPact.Server.Judging.Reading;

/// <summary>The cells of an XLSX as their values are stored, a line for each row and a tab between cells.</summary>
internal static class SheetText
{
    public static FileText Read(byte[] bytes)
    {
        using var book = SpreadsheetDocument.Open(
            new MemoryStream(bytes, writable: false), isEditable: false,
            new OpenSettings { MaxCharactersInPart = ReadingLimits.PartChars });
        if (book.WorkbookPart is not { Workbook.Sheets: { } sheets } main)
            return FileText.NotRead("could not be read: it has no sheets in it");
        string[] shared = [.. main.SharedStringTablePart?.SharedStringTable?
            .Elements<SharedStringItem>().Select(item => item.InnerText) ?? []];
        var text = new ReadText();
        int others = 0;
        foreach (var sheet in sheets.Elements<Sheet>())
        {
            if (sheet.Id?.Value is not { } id
                || main.GetPartById(id) is not WorksheetPart { Worksheet: { } cells } part)
            {
                others++;
                continue;
            }
            others += part.DrawingsPart is null ? 0 : 1;
            bool isHidden = sheet.State is not null && sheet.State.Value != SheetStateValues.Visible;
            text.EndLine();
            text.Add($"Sheet {sheet.Name?.Value}{(isHidden ? " (hidden)" : "")}:\n");
            foreach (var row in cells.Descendants<Row>())
            {
                if (text.IsFull) break;
                text.Add(string.Join('\t', row.Elements<Cell>().Select(cell => Value(cell, shared))));
                text.EndLine();
            }
        }
        var unseen = new List<string>();
        if (text.IsFull) unseen.Add(DocumentText.TooLong);
        if (others > 0) unseen.Add($"holds charts, images or sheets of another kind ({others}), which are not read");
        return new FileText { Form = "xlsx", Text = text.ToString(), Unseen = unseen };
    }

    private static string Value(Cell cell, string[] shared)
    {
        if (cell.DataType is null) return cell.CellValue?.Text ?? "";
        if (cell.DataType.Value == CellValues.InlineString) return cell.InlineString?.InnerText ?? "";
        if (cell.DataType.Value == CellValues.Boolean) return cell.CellValue?.Text == "1" ? "true" : "false";
        if (cell.DataType.Value != CellValues.SharedString) return cell.CellValue?.Text ?? "";
        return int.TryParse(cell.CellValue?.Text, out int at) && at >= 0 && at < shared.Length ? shared[at] : "";
    }
}
