using System.Security.Cryptography;
using System.Text;

namespace VoxPact.Server.Demo;

internal enum DocumentKind { Markdown, Csv }

/// <summary>The file that the demo's job is about, as it lies on this machine.</summary>
internal sealed record SourceDocument(string Name, DocumentKind Kind, byte[] Bytes)
{
    private const int MostBytes = 8 * 1024 * 1024;
    private const string DefaultName = "README.md";

    private static readonly Dictionary<string, DocumentKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        [".md"] = DocumentKind.Markdown,
        [".markdown"] = DocumentKind.Markdown,
        [".csv"] = DocumentKind.Csv,
    };

    public string MediaType => Kind is DocumentKind.Csv ? "text/csv" : "text/markdown";
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>Reads the named file, or the README.md of the current folder or of one above it.</summary>
    public static SourceDocument Read(string? path)
    {
        path ??= FindReadme(Environment.CurrentDirectory);
        if (Directory.Exists(path))
            throw new BadSettings($"{path} is a folder; name a Markdown or CSV file with --file.");
        if (!File.Exists(path))
            throw new BadSettings($"There is no file {path}; name a Markdown or CSV file with --file.");
        string ending = Path.GetExtension(path);
        if (!Kinds.TryGetValue(ending, out var kind))
            throw new BadSettings(
                $"The demo worker reads Markdown (.md, .markdown) and CSV (.csv), "
                + $"not {Path.GetFileName(path)}.");
        byte[] bytes;
        try
        {
            if (new FileInfo(path).Length > MostBytes)
                throw new BadSettings(
                    $"{path} is larger than the {MostBytes / 1024 / 1024} MB that the demo worker takes.");
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception locked) when (locked is IOException or UnauthorizedAccessException)
        {
            throw new BadSettings($"{path} cannot be read: {locked.Message}");
        }
        return Check(new SourceDocument(Path.GetFileName(path), kind, bytes), path);
    }

    /// <summary>The text, without a byte order mark.</summary>
    /// <exception cref="DecoderFallbackException">The bytes are not UTF-8.</exception>
    public string Text()
    {
        string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes);
        return text.StartsWith('\uFEFF') ? text[1..] : text;
    }

    private static SourceDocument Check(SourceDocument document, string path)
    {
        try
        {
            string text = document.Text();
            if (text.Contains('\0')) throw new BadSettings($"{path} is not text: it holds NUL characters.");
            if (string.IsNullOrWhiteSpace(text))
                throw new BadSettings($"{path} is empty: there is nothing to summarise.");
            return document;
        }
        catch (DecoderFallbackException)
        {
            throw new BadSettings($"{path} is not text in UTF-8; save it in that encoding.");
        }
    }

    private static string FindReadme(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string candidate = Path.Combine(at, DefaultName);
            if (File.Exists(candidate)) return candidate;
        }
        throw new BadSettings(
            $"There is no {DefaultName} in {folder} or above it; name a Markdown or CSV file with --file.");
    }
}
