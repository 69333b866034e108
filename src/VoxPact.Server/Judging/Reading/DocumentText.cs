using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace VoxPact.Server.Judging.Reading;

/// <summary>
/// Reads the text of a file by what its bytes are, whatever its name and type claim. Documents are parsed by libraries
/// that strangers' bytes may break, so <see cref="FileReading"/> has this done in a process of its own.
/// </summary>
internal static class DocumentText
{
    private const int HeaderBytes = 1_024;

    /// <summary>True for a format that is parsed rather than decoded.</summary>
    public static bool IsDocument(ReadOnlySpan<byte> bytes) => IsPdf(bytes) || IsZip(bytes);

    public static FileText Read(byte[] bytes)
    {
        try
        {
            if (IsPdf(bytes)) return PdfText.Read(bytes);
            return IsZip(bytes) ? ReadPackage(bytes) : Decode(bytes);
        }
        catch (Exception fault) when (fault is not (OutOfMemoryException or FileNotFoundException))
        {
            // Libraries throw whatever they like about a stranger's bytes; a missing library is not their fault.
            return FileText.NotRead("could not be read: it is broken, or not what it claims to be");
        }
    }

    /// <summary>Text as UTF-8 has it, or nothing: images, sound, archives, programs.</summary>
    public static FileText Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.Contains((byte)0) || !Utf8.IsValid(bytes))
            return FileText.NotRead(
                "is no text and of no format that is read, so it is known by its name and hash only");
        string text = Encoding.UTF8.GetString(bytes);
        bool isWhole = text.Length <= ReadingLimits.TextChars;
        return new FileText
        {
            Form = "text",
            Text = isWhole ? text : text[..ReadingLimits.TextChars],
            Unseen = isWhole ? [] : [TooLong],
        };
    }

    public static readonly string TooLong = $"was read up to {ReadingLimits.TextChars} characters only";

    private static bool IsPdf(ReadOnlySpan<byte> bytes) =>
        bytes[..Math.Min(HeaderBytes, bytes.Length)].IndexOf("%PDF-"u8) >= 0;

    private static bool IsZip(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\u0003\u0004"u8);

    private static FileText ReadPackage(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
        bool Has(string folder) =>
            zip.Entries.Any(entry => entry.FullName.StartsWith(folder, StringComparison.Ordinal));
        if (Has("word/")) return WordText.Read(bytes);
        return Has("xl/") ? SheetText.Read(bytes) : FileText.NotRead("is an archive, which is not opened");
    }
}
