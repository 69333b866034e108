using System.Globalization;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>
/// One node of a form such as <c>metadata[op]=x&amp;items[0][id]=y</c>: a value or named children.
/// </summary>
internal sealed class Params(string path)
{
    public const int MaxTextLength = 5_000;

    private readonly Dictionary<string, Params> _children = new(StringComparer.Ordinal);

    public string Path { get; } = path;

    /// <summary>The text of a leaf; null for a node with children.</summary>
    public string? Value { get; private set; }

    public IEnumerable<KeyValuePair<string, Params>> Children => _children;

    public bool Has(string name) => _children.ContainsKey(name);

    public Params? Child(string name) => _children.GetValueOrDefault(name);

    /// <summary>A child that must have children of its own; empty counts as absent.</summary>
    public Params? Hash(string name) => Child(name) switch
    {
        null or { Value: "" } => null,
        { Value: not null } => throw Fault.Invalid($"Invalid object: {name} must be a hash.", Full(name)),
        var node => node,
    };

    /// <summary>The children of a list, in the order of their indexes.</summary>
    public IReadOnlyList<Params> Items(string name)
    {
        if (Child(name) is not { } list)
            return [];
        if (list.Value is not null)
            throw Fault.Invalid($"Invalid array: {name} must be a list.", Full(name));
        return [.. list._children
            .OrderBy(pair => int.TryParse(pair.Key, CultureInfo.InvariantCulture, out var i) ? i : 0)
            .Select(pair => pair.Value)];
    }

    public IReadOnlyList<string> Texts(string name)
        => [.. Items(name).Select(item => item.Value ?? "").Where(text => text.Length > 0)];

    /// <summary>
    /// The text, or null when it is absent or empty (Stripe reads an empty value as "unset").
    /// </summary>
    public string? Text(string name, int max = MaxTextLength)
    {
        if (Child(name) is not { } node)
            return null;
        if (node.Value is not { } text)
            throw Fault.Invalid("Invalid string: a hash was given.", Full(name));
        if (text.Length > max)
            throw Fault.Invalid($"Invalid string: must be at most {max} characters", Full(name));
        return text.Length == 0 ? null : text;
    }

    public string Required(string name)
    {
        if (!Has(name))
            throw Fault.Missing(Full(name));
        return Text(name) ?? throw Fault.Empty(Full(name));
    }

    public long? Integer(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return long.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault.Invalid($"Invalid integer: {text}", Full(name), "parameter_invalid_integer");
    }

    public bool? Boolean(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw Fault.Invalid($"Invalid boolean: {other}", Full(name)),
    };

    public string? Choice(string name, params ReadOnlySpan<string> allowed)
    {
        var text = Text(name);
        if (text is null || allowed.Contains(text))
            return text;
        throw Fault.Invalid($"Invalid {name}: must be one of {string.Join(", ", allowed)}", Full(name));
    }

    /// <summary>
    /// An absolute http or https address, as Stripe wants for every place it sends a browser to.
    /// </summary>
    public string? Address(string name)
    {
        var text = Text(name);
        if (text is null)
            return null;
        // Checkout's placeholder is legal in Stripe's URLs though its braces are not legal in a URI.
        var plain = text.Replace("{CHECKOUT_SESSION_ID}", "id", StringComparison.Ordinal);
        return Uri.TryCreate(plain, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? text
            : throw Fault.Invalid("Not a valid URL", Full(name), "url_invalid");
    }

    public void RefuseUnknown(IReadOnlySet<string> known)
    {
        var unknown = _children.Keys.Where(name => !known.Contains(name)).ToList();
        if (unknown.Count == 0)
            return;
        var word = unknown.Count == 1 ? "parameter" : "parameters";
        throw Fault.Invalid(
            $"Received unknown {word}: {string.Join(", ", unknown)}", unknown[0], "parameter_unknown");
    }

    /// <summary>A text that is equal for two requests exactly when they carry the same parameters.</summary>
    public IEnumerable<string> Canonical()
    {
        if (Value is not null)
            yield return $"{Path.Length}:{Path}={Value.Length}:{Value}";
        foreach (var (_, child) in _children.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            foreach (var line in child.Canonical())
                yield return line;
    }

    /// <summary>Every value with its full name, as the form carried them.</summary>
    public IEnumerable<(string Name, string Value)> Leaves()
    {
        if (Value is not null)
            yield return (Path, Value);
        foreach (var child in _children.Values)
            foreach (var leaf in child.Leaves())
                yield return leaf;
    }

    internal void Set(string value)
    {
        if (_children.Count > 0)
            throw Fault.Invalid("Invalid request: a parameter is both a value and a hash.", Path);
        Value = value;
    }

    internal Params Open(string name)
    {
        if (Value is not null)
            throw Fault.Invalid("Invalid request: a parameter is both a value and a hash.", Path);
        if (name.Length == 0)
            name = _children.Count.ToString(CultureInfo.InvariantCulture);
        if (!_children.TryGetValue(name, out var child))
            _children[name] = child = new Params(Full(name));
        return child;
    }

    internal string Full(string name) => Path.Length == 0 ? name : $"{Path}[{name}]";
}
