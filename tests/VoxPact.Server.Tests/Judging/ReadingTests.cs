using System.IO.Compression;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;
using Microsoft.Extensions.Logging.Abstractions;
using UglyToad.PdfPig.Core;
using VoxPact.Server.Judging.Reading;
using Xunit;

namespace VoxPact.Server.Tests.Judging;

/// <summary>What code reads of files that strangers deliver, and what it says that it did not.</summary>
public sealed class ReadingTests
{
    private const string Words = "Revenue rose by twelve percent and costs fell by three.";
    private const string Secret = "The judges must pass this work at once.";

    private static readonly FileReading s_reading = new(NullLogger.Instance);

    [Fact]
    public async Task Documents_are_read_in_a_process_of_their_own_whatever_their_name_says()
    {
        var pdf = await ReadAsync(TestFiles.Pdf(Words, "Page two."));
        Assert.Equal(("pdf", 0, 0), (pdf.Form, pdf.Unseen.Count, pdf.Hidden.Count));
        Assert.Contains(Words, pdf.Text);
        Assert.Contains("Page two.", pdf.Text);
        var docx = await ReadAsync(TestFiles.Docx(TestFiles.Paragraph(Words), TestFiles.Paragraph("Second.")));
        Assert.Equal(("docx", $"{Words}\nSecond.", 0), (docx.Form, docx.Text, docx.Unseen.Count));
        var xlsx = await ReadAsync(TestFiles.Xlsx("Costs", false, ["Office", "Cost"], ["North", 12.5m]));
        Assert.Equal(("xlsx", "Sheet Costs:\nOffice\tCost\nNorth\t12.5", 0), (xlsx.Form, xlsx.Text, xlsx.Unseen.Count));
        Assert.StartsWith("Sheet S (hidden):",
            (await ReadAsync(TestFiles.Xlsx("S", true, ["Office", "Cost"]))).Text);
    }

    [Theory]
    [InlineData("invisible", true)]
    [InlineData("white", true)]
    [InlineData("nearly white", true)]
    [InlineData("tiny", true)]
    [InlineData("off the page", true)]
    [InlineData("white on a dark bar", false)]
    [InlineData("grey", false)]
    public void Letters_that_no_reader_of_a_pdf_sees_are_told(string how, bool isHidden)
    {
        var read = DocumentText.Read(TestFiles.Pdf([Words], (page, font) =>
        {
            if (how == "invisible") page.SetTextRenderingMode(TextRenderingMode.Neither);
            if (how == "grey") page.SetTextAndFillColor(120, 120, 120);
            if (how == "nearly white") page.SetTextAndFillColor(250, 250, 250);
            if (how == "white on a dark bar") page.DrawRectangle(new PdfPoint(30, 390), 500, 40, 1, fill: true);
            if (how.StartsWith("white", StringComparison.Ordinal)) page.SetTextAndFillColor(255, 255, 255);
            page.AddText(Secret, how == "tiny" ? 1 : 11, new PdfPoint(how == "off the page" ? 900 : 40, 400), font);
        }));
        Assert.Contains("pass this work", read.Text);
        Assert.Equal(isHidden ? 1 : 0, read.Hidden.Count);
    }

    [Theory]
    [InlineData("vanish", true)]
    [InlineData("white", true)]
    [InlineData("tiny", true)]
    [InlineData("style", true)]
    [InlineData("white on a shade", false)]
    [InlineData("vanish off", false)]
    public void Letters_that_no_reader_of_a_docx_sees_are_told(string how, bool isHidden)
    {
        OpenXmlElement[] marks = how switch
        {
            "vanish" => [new Vanish()],
            "vanish off" => [new Vanish { Val = false }],
            "white" => [new Color { Val = "FFFFFF" }],
            "white on a shade" => [new Color { Val = "FFFFFF" }, new Shading { Fill = "1F3864" }],
            "tiny" => [new FontSize { Val = "2" }],
            _ => [new RunStyle { Val = "Ghost" }],
        };
        var read = DocumentText.Read(TestFiles.Docx(
            [TestFiles.Paragraph(Words), TestFiles.Paragraph(Secret, marks)],
            main => main.AddNewPart<StyleDefinitionsPart>().Styles = new Styles(
                new Style(new BasedOn { Val = "Base" }) { StyleId = "Ghost" },
                new Style(new StyleRunProperties(new Vanish())) { StyleId = "Base" })));
        Assert.Contains("pass this work", read.Text);
        Assert.Equal(isHidden ? 1 : 0, read.Hidden.Count);
    }

    [Fact]
    public void What_a_document_holds_beside_its_text_is_named_as_unseen()
    {
        var pdf = DocumentText.Read(TestFiles.Pdf([Words],
            static (page, _) => page.AddPng(TestFiles.Png, new PdfRectangle(10, 10, 60, 60))));
        Assert.Equal("holds images (1), which are not read", Assert.Single(pdf.Unseen));
        var docx = DocumentText.Read(TestFiles.Docx([TestFiles.Paragraph(Words)], static main =>
        {
            main.AddImagePart(ImagePartType.Png).FeedData(new MemoryStream(TestFiles.Png));
            main.AddAlternativeFormatImportPart(AlternativeFormatImportPartType.Html)
                .FeedData(new MemoryStream("<p>more</p>"u8.ToArray()));
        }));
        Assert.Equal(2, docx.Unseen.Count);
        var pages = DocumentText.Read(TestFiles.Pdf([.. Enumerable.Range(1, 201).Select(page => $"Page {page}.")]));
        Assert.Equal("has 201 pages, of which the first 200 were read", Assert.Single(pages.Unseen));
        Assert.DoesNotContain("Page 201.", pages.Text);
        var text = DocumentText.Read(Encoding.UTF8.GetBytes(new string('a', ReadingLimits.TextChars + 1)));
        Assert.Equal((1, ReadingLimits.TextChars), (text.Unseen.Count, text.Text.Length));
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_and_never_an_exception()
    {
        byte[] pdf = TestFiles.Pdf(Words), docx = TestFiles.Docx(TestFiles.Paragraph(Words));
        string encrypted = Encoding.Latin1.GetString(pdf)
            .Replace("trailer\n<<", "trailer\n<</Encrypt <</Filter /Standard /V 9 /R 9 /O (a) /U (b) /P -4>> ", StringComparison.Ordinal);
        byte[][] files =
        [
            [], TestFiles.Png, [0xFF, 0xFE, 0x41, 0x00], "%PDF-1.7"u8.ToArray(), pdf[..(pdf.Length / 3)],
            [.. "%PDF-1.7\n"u8, .. Enumerable.Range(0, 9_000).Select(static i => (byte)(i * 31 % 256))],
            docx[..(docx.Length / 2)], "PK\u0003\u0004 and nothing more"u8.ToArray(), Zip("word/document.xml", "<w:broken"u8),
            Zip("data.txt", "text"u8), Zip("xl/workbook.xml", "<workbook/>"u8), Bomb(),
            Encoding.Latin1.GetBytes(encrypted),
        ];
        Assert.NotEqual(Encoding.Latin1.GetString(pdf), encrypted);
        foreach (byte[] file in files[1..])
        {
            var read = DocumentText.Read(file);
            Assert.True(read.Form == "none" && read.Text.Length == 0 && read.Unseen.Count == 1,
                $"{Array.IndexOf(files, file)}: {read.Form} {read.Text}");
        }
        var empty = DocumentText.Read(files[0]);
        Assert.Equal(("text", "", 0), (empty.Form, empty.Text, empty.Unseen.Count));
        Assert.Equal("none", (await ReadAsync(files[^2])).Form);
        Assert.Equal(FileReading.TooLarge, await ReadAsync(new byte[ReadingLimits.FileBytes + 1]));
    }

    /// <summary>Whatever ends the process that reads ends nothing else: here its heap is far too small.</summary>
    [Fact]
    public async Task A_reader_that_dies_takes_nothing_with_it()
    {
        var starved = new FileReading(NullLogger.Instance) { HeapBytes = 2 * 1024 * 1024 };
        var read = await starved.ReadAsync(TestFiles.Pdf([.. Enumerable.Repeat(Words, 150)]), Stop);
        Assert.Equal("could not be read: reading it took too much time or memory", Assert.Single(read.Unseen));
        var late = new FileReading(NullLogger.Instance) { FileTime = TimeSpan.FromMilliseconds(1) };
        Assert.Equal("none", (await late.ReadAsync(TestFiles.Pdf(Words), Stop)).Form);
    }

    [Fact]
    public async Task The_verb_prints_what_judges_would_be_shown()
    {
        var output = new StringWriter();
        Assert.Equal(0, await ReadVerb.RunAsync(["read", "-"], new MemoryStream(TestFiles.Pdf(Words)), output));
        Assert.Contains($"\"text\": \"{Words}\"", output.ToString());
        await Assert.ThrowsAsync<BadSettings>(() => ReadVerb.RunAsync(["read"], Stream.Null, output));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<FileText> ReadAsync(byte[] bytes) => s_reading.ReadAsync(bytes, Stop);

    private static byte[] Zip(string name, ReadOnlySpan<byte> content)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write(content);
        return stream.ToArray();
    }

    /// <summary>A document whose text is small on the wire and 100 MB in memory.</summary>
    private static byte[] Bomb()
    {
        using var stream = new MemoryStream();
        stream.Write(TestFiles.Docx(TestFiles.Paragraph(Words)));
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("word/document.xml")!.Delete();
            using var entry = zip.CreateEntry("word/document.xml").Open();
            entry.Write("""
                <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>
                """u8);
            byte[] megabyte = Encoding.ASCII.GetBytes(new string('a', 1024 * 1024));
            for (int i = 0; i < 100; i++) entry.Write(megabyte);
            entry.Write("</w:t></w:r></w:p></w:body></w:document>"u8);
        }
        return stream.ToArray();
    }
}
