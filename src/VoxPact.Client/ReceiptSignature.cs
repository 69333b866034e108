using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace VoxPact.Client;

/// <summary>Signs receipts and verifies them, with nothing but the public keys: no server is asked.</summary>
public static class ReceiptSignature
{
    /// <summary>The one algorithm (RFC 8032).</summary>
    public const string Algorithm = "Ed25519";

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions s_keys = VoxPactJson.Default.Options;

    /// <summary>
    /// Verifies a receipt as the server answered it, with or without the envelope <c>success</c> and <c>data</c>.
    /// </summary>
    /// <param name="file">The answer's bytes. Layout does not matter; any other change does.</param>
    /// <param name="keys">The answer of <c>/.well-known/voxpact-keys.json</c>, from a source that you trust.</param>
    /// <returns>What was signed.</returns>
    /// <exception cref="VoxPactException">It is not genuine; the message says why.</exception>
    public static Receipt Verify(ReadOnlyMemory<byte> file, ReceiptKeys keys)
    {
        try
        {
            return VerifyText(file, keys);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw NotGenuine($"This is not JSON in UTF-8, or no receipt: {broken.Message}");
        }
    }

    private static Receipt VerifyText(ReadOnlyMemory<byte> file, ReceiptKeys keys)
    {
        JsonElement root = Parse(file);
        if (root.ValueKind is JsonValueKind.Object && root.TryGetProperty("success", out JsonElement success))
        {
            if (success.ValueKind is not JsonValueKind.True || !root.TryGetProperty("data", out JsonElement data)
                || root.GetPropertyCount() != 2) throw NotGenuine("This is no answer with a receipt.");
            root = data;
        }
        if (root.ValueKind is not JsonValueKind.Object || root.GetPropertyCount() != 4
            || !root.TryGetProperty("receipt", out JsonElement receipt)
            || receipt.ValueKind is not JsonValueKind.Object
            || Text(root, "algorithm") is not Algorithm
            || Text(root, "key_id") is not { } id || Bytes(Text(root, "signature"), 64) is not { } signature)
            throw NotGenuine("A receipt has the members receipt, algorithm (Ed25519), key_id and signature.");
        ReceiptKey key = keys.Keys.FirstOrDefault(one => one.Kid == id && one is { Kty: "OKP", Crv: Algorithm })
            ?? throw NotGenuine($"The key {id} is none of the server's.");
        byte[] signed = CanonicalBytes(receipt);
        if (Bytes(key.X, 32) is not { } publicKey
            || !Ed25519.Verify(signature, 0, publicKey, 0, signed, 0, signed.Length))
            throw NotGenuine("The signature does not fit: the receipt was changed, or it is another server's.");
        return receipt.Deserialize<Receipt>(s_keys) ?? throw NotGenuine("The receipt is empty.");
    }

    /// <summary>Signs with a private key of 32 bytes, whose public key has that id.</summary>
    public static SignedReceipt Sign(Receipt receipt, byte[] privateKey, string keyId)
    {
        byte[] bytes = CanonicalBytes(JsonSerializer.SerializeToElement(receipt, VoxPactJson.Wire.Receipt));
        byte[] signature = new byte[64];
        Ed25519.Sign(privateKey, 0, bytes, 0, bytes.Length, signature, 0);
        return new SignedReceipt
        {
            Receipt = receipt,
            Algorithm = Algorithm,
            KeyId = keyId,
            Signature = Base64Url.EncodeToString(signature),
        };
    }

    /// <summary>The public half of a private key of 32 bytes, as it is published.</summary>
    public static ReceiptKey PublicKeyOf(byte[] privateKey)
    {
        byte[] key = new byte[32];
        Ed25519.GeneratePublicKey(privateKey, 0, key, 0);
        string x = Base64Url.EncodeToString(key);
        byte[] thumbprint = System.Security.Cryptography.SHA256.HashData(
            Encoding.UTF8.GetBytes($"{{\"crv\":\"{Algorithm}\",\"kty\":\"OKP\",\"x\":\"{x}\"}}"));
        return new ReceiptKey
        {
            Kty = "OKP",
            Crv = Algorithm,
            Kid = Base64Url.EncodeToString(thumbprint),
            Use = "sig",
            X = x,
        };
    }

    /// <summary>
    /// The bytes that are signed: RFC 8785 for objects whose only numbers are integers, which receipts are.
    /// </summary>
    /// <exception cref="VoxPactException">There is another number in it.</exception>
    public static byte[] CanonicalBytes(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                List(text, '{', '}', value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal),
                    member =>
                    {
                        Quote(member.Name, text);
                        text.Append(':');
                        Write(member.Value, text);
                    });
                break;
            case JsonValueKind.Array:
                List(text, '[', ']', value.EnumerateArray(), item => Write(item, text));
                break;
            case JsonValueKind.String:
                Quote(value.GetString()!, text);
                break;
            case JsonValueKind.Number:
                if (!value.TryGetInt64(out long number)
                    || value.GetRawText() != number.ToString(System.Globalization.CultureInfo.InvariantCulture))
                    throw NotGenuine($"{value.GetRawText()} is no integer, and receipts have only such numbers.");
                text.Append(number);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void List<T>(
        StringBuilder text, char open, char close, IEnumerable<T> items, Action<T> write)
    {
        text.Append(open);
        bool isFirst = true;
        foreach (T item in items)
        {
            if (!isFirst) text.Append(',');
            isFirst = false;
            write(item);
        }
        text.Append(close);
    }

    private static void Quote(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (char c in value)
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        text.Append('"');
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> file)
    {
        using var document = JsonDocument.Parse(file, s_strict);
        return document.RootElement.Clone();
    }

    private static string? Text(JsonElement holder, string member) =>
        holder.TryGetProperty(member, out JsonElement value) && value.ValueKind is JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>Exactly so many bytes, written as nobody else would write them; else null.</summary>
    private static byte[]? Bytes(string? text, int count)
    {
        if (text is null || !Base64Url.IsValid(text, out int length) || length != count) return null;
        byte[] bytes = Base64Url.DecodeFromChars(text);
        return Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }

    private static VoxPactException NotGenuine(string why) => new(new Problem { Error = why });
}
