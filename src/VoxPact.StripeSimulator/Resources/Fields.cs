using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

/// <summary>Parameters that several resources read the same way.</summary>
internal static class Fields
{
    private const int MaxMetadata = 50;

    /// <summary>
    /// Metadata merges key by key: an empty value removes its key, an empty hash removes all.
    /// </summary>
    public static JsonObject Metadata(Params form, JsonObject? existing = null, string name = "metadata")
    {
        var result = (JsonObject?)existing?.DeepClone() ?? [];
        if (form.Child(name) is not { } given)
            return result;
        if (given.Value is { } text)
            return text.Length == 0 ? [] : throw Fault.Invalid("Invalid metadata: must be a hash.", name);
        foreach (var (key, node) in given.Children)
        {
            var value = given.Text(key, 500);
            if (key.Length > 40)
                throw Fault.Invalid("Metadata keys can have up to 40 characters.", node.Path);
            result.Remove(key);
            if (value is not null)
                result[key] = value;
        }
        return result.Count <= MaxMetadata
            ? result
            : throw Fault.Invalid($"Metadata can have up to {MaxMetadata} keys.", name);
    }

    /// <summary>Sets each named text that the request carries; an empty one becomes null.</summary>
    public static void Texts(JsonObject target, Params form, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (form.Has(name))
                target[name] = form.Text(name);
    }

    /// <summary>Copies a hash such as an address as it was sent.</summary>
    public static JsonNode? Hash(Params form, string name)
        => form.Hash(name) is { } node ? Tree(node) : null;

    public static string Currency(Params form)
    {
        var currency = form.Required("currency").ToLowerInvariant();
        return currency.Length == 3 && currency.All(char.IsAsciiLetter)
            ? currency
            : throw Fault.Invalid(
                $"Invalid currency: {currency}. Stripe supports three-letter ISO codes.", "currency");
    }

    public static long Amount(Params form, string name = "amount")
    {
        form.Required(name);
        var amount = form.Integer(name)!.Value;
        return amount switch
        {
            < 1 => throw Fault.Invalid(
                "This value must be greater than or equal to 1.", form.Full(name),
                "parameter_invalid_integer"),
            > 99_999_999 => throw Fault.Invalid(
                "Amount must be no more than 999,999.99", form.Full(name), "amount_too_large"),
            _ => amount,
        };
    }

    public static string? Customer(Session session, Params form)
    {
        if (form.Text("customer") is not { } id)
            return null;
        var customer = session.Get("customer", id, "customer");
        return customer.Flag("deleted") ? throw Fault.NoSuch("customer", id, "customer") : id;
    }

    private static JsonNode? Tree(Params node)
    {
        if (node.Value is { } text)
            return text.Length == 0 ? null : JsonValue.Create(text);
        var hash = new JsonObject();
        foreach (var (name, child) in node.Children)
            hash[name] = Tree(child);
        return hash;
    }
}
