using System.Text;

namespace VoxPact.Server.Judging.Reading;

/// <summary>Text that is gathered piece by piece up to a bound, and remembers that there was more.</summary>
internal sealed class ReadText
{
    private readonly StringBuilder _text = new();

    /// <summary>True when nothing more is taken.</summary>
    public bool IsFull => _text.Length >= ReadingLimits.TextChars;

    public void Add(string piece) =>
        _text.Append(piece, 0, Math.Min(piece.Length, ReadingLimits.TextChars - _text.Length));

    /// <summary>Begins a new line, unless one has just begun.</summary>
    public void EndLine()
    {
        if (_text.Length > 0 && _text[^1] != '\n') Add("\n");
    }

    public override string ToString() => _text.ToString().TrimEnd();
}
