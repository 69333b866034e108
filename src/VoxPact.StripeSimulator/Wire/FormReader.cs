using System.Text;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>Reads Stripe's form encoding from a query string or a body, within fixed bounds.</summary>
internal static class FormReader
{
    public const int MaxBodyBytes = 256 * 1024;
    private const int MaxPairs = 1_000;
    private const int MaxDepth = 8;

    public static async Task<Params> ReadAsync(HttpContext http)
    {
        var root = new Params("");
        Parse(http.Request.QueryString.Value is { Length: > 1 } query ? query[1..] : "", root);
        if (HttpMethods.IsGet(http.Request.Method))
            return root;
        var body = await BodyAsync(http);
        if (body.Length == 0)
            return root;
        var type = http.Request.ContentType ?? "";
        if (!type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            throw Fault.Invalid(
                "Invalid request: send parameters with Content-Type application/x-www-form-urlencoded.");
        Parse(body, root);
        return root;
    }

    /// <summary>The form that carried these names and values.</summary>
    public static Params Build(IEnumerable<(string Name, string Value)> leaves)
    {
        var root = new Params("");
        foreach (var (name, value) in leaves)
            Place(root, name, value);
        return root;
    }

    public static async Task<string> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBodyBytes)
            throw Fault.TooLarge();
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await http.Request.Body.ReadAsync(chunk, http.RequestAborted)) > 0)
        {
            if (buffer.Length + read > MaxBodyBytes)
                throw Fault.TooLarge();
            buffer.Write(chunk, 0, read);
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Parse(string form, Params root)
    {
        var pairs = 0;
        foreach (var range in form.AsSpan().Split('&'))
        {
            var pair = form.AsSpan(range);
            if (pair.IsEmpty)
                continue;
            if (++pairs > MaxPairs)
                throw Fault.Invalid("Invalid request: too many parameters.");
            var equals = pair.IndexOf('=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            Place(root, name, value);
        }
    }

    private static void Place(Params root, string name, string value)
    {
        var node = root;
        var open = name.IndexOf('[');
        node = node.Open(open < 0 ? name : name[..open]);
        for (var depth = 0; open >= 0; depth++)
        {
            var close = name.IndexOf(']', open);
            if (close < 0 || depth >= MaxDepth)
                throw Fault.Invalid("Invalid request: a parameter name cannot be read.", name);
            node = node.Open(name[(open + 1)..close]);
            open = close + 1 < name.Length ? name.IndexOf('[', close) : -1;
        }
        node.Set(value);
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        var decoded = Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
        // SQLite would cut a text at NUL, so what is stored would not be what was sent.
        return decoded.Contains('\0') ? throw Fault.Invalid("Invalid request: NUL in a parameter.") : decoded;
    }
}
