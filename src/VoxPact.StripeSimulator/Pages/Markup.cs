using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace VoxPact.StripeSimulator.Pages;

/// <summary>HTML that is safe to send: made only from literals, encoded holes and other markup.</summary>
internal readonly record struct Markup(string Text)
{
    public static readonly Markup Empty = new("");

    /// <summary>Every hole of the interpolated string is encoded, unless it is markup itself.</summary>
    public static Markup Of(MarkupHandler handler) => new(handler.ToString());

    public static Markup Join(IEnumerable<Markup> parts)
        => new(string.Concat(parts.Select(part => part.Text)));
}

[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + formattedCount * 16);

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(Markup markup) => _text.Append(markup.Text);

    public void AppendFormatted<T>(T value) => _text.Append(WebUtility.HtmlEncode(
        value is IFormattable number
            ? number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)
            : value?.ToString()));

    public override string ToString() => _text.ToString();
}
