using System.Globalization;
using CsvHelper;

namespace VoxPact.Server.Demo;

/// <summary>Reads a CSV file into its summary.</summary>
internal static class ReadTable
{
    private const int MostColumns = 200;
    private const int MostCellChars = 200;

    public static TableSummary Run(SourceDocument document)
    {
        try
        {
            return Read(document);
        }
        catch (CsvFormatException broken)
        {
            throw new UnreadableDocument(
                $"{document.Name} is not CSV that can be read: record {broken.RecordNumber} is malformed.");
        }
    }

    private static TableSummary Read(SourceDocument document)
    {
        using var csv = CsvReader.FromText(document.Text(), new CsvReaderOptions
        {
            HasHeader = false,
            MalformedData = CsvMalformedDataHandling.Throw,
            IncludeValuesInExceptions = false,
        });
        if (!csv.Read()) throw new UnreadableDocument($"{document.Name} has no header row.");
        if (csv.FieldCount > MostColumns)
            throw new UnreadableDocument(
                $"{document.Name} has {csv.FieldCount} columns; the demo worker takes {MostColumns}.");
        var columns = Columns(Cells(csv));
        var count = new WordCount();
        string opening = "";
        int rows = 0;
        while (csv.Read())
        {
            var cells = Cells(csv);
            if (cells.Length > columns.Count)
                throw new UnreadableDocument(
                    $"Record {csv.RowNumber} of {document.Name} has {cells.Length} cells, "
                    + $"the header only {columns.Count}.");
            for (int i = 0; i < columns.Count; i++) columns[i].Add(i < cells.Length ? cells[i] : "", count);
            if (rows++ == 0) opening = Sentence(columns, cells);
        }
        if (rows == 0) throw new UnreadableDocument($"{document.Name} has a header but no rows.");
        return new TableSummary
        {
            File = document.Name,
            Sha256 = document.Sha256,
            Title = Path.GetFileNameWithoutExtension(document.Name),
            Rows = rows,
            Words = count.Words,
            Columns = columns.ToDictionary(column => column.Name, column => column.Kind),
            Ranges = columns.Where(column => column.Kind is "integer" or "number")
                .ToDictionary(column => column.Name, column => new[] { column.Least, column.Greatest }),
            EmptyCells = columns.Where(column => column.Empty > 0).ToDictionary(
                column => column.Name, column => column.Empty),
            TopTerms = count.Top(),
            Opening = opening,
        };
    }

    private static string[] Cells(CsvReader csv) =>
        [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    private static List<Column> Columns(string[] header)
    {
        var columns = new List<Column>();
        var names = new HashSet<string>();
        foreach (string cell in header)
        {
            string plain = Cut(cell.Trim() is { Length: > 0 } given ? given : $"column {columns.Count + 1}"),
                name = plain;
            for (int again = 2; !names.Add(name); again++) name = $"{plain} ({again})";
            columns.Add(new Column(name));
        }
        return columns;
    }

    private static string Sentence(List<Column> columns, string[] cells) => Cut(
        "The first row has " + string.Join(
            ", ", columns.Zip(cells).Take(8).Select(pair => $"{pair.First.Name} {pair.Second}"))) + ".";

    private static string Cut(string text) => text.Length <= MostCellChars
        ? text
        : text[..MostCellChars].TrimEnd() + "…";

    /// <summary>One column: which kinds its cells could all be, and the bounds of its numbers.</summary>
    private sealed class Column(string name)
    {
        private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        private bool _isInteger = true, _isNumber = true, _isDate = true, _isBoolean = true;
        private int _filled;

        public string Name => name;
        public int Empty { get; private set; }
        public decimal Least { get; private set; } = decimal.MaxValue;
        public decimal Greatest { get; private set; } = decimal.MinValue;

        public string Kind =>
            _filled == 0 ? "empty" : _isInteger ? "integer" : _isNumber ? "number" : _isDate ? "date"
            : _isBoolean ? "boolean" : "text";

        public void Add(string cell, WordCount count)
        {
            string value = cell.Trim();
            if (value.Length == 0)
            {
                Empty++;
                return;
            }
            _filled++;
            bool isBoolean = bool.TryParse(value, out _),
                isNumber = decimal.TryParse(value, Style, CultureInfo.InvariantCulture, out decimal number);
            if (isNumber) (Least, Greatest) = (Math.Min(Least, number), Math.Max(Greatest, number));
            _isNumber &= isNumber;
            _isInteger &= isNumber && number == Math.Floor(number);
            _isBoolean &= isBoolean;
            if (!isNumber && !isBoolean) count.Add(value);
            _isDate &= value.Length >= 10 && value[4] == '-'
                && DateTimeOffset.TryParse(
                    value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
        }
    }
}
