using System.Buffers;
using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// An event's body: the fact's data, with the texts that it was told without, as they are now. A text that would pass
/// the limit is left out, with <c>truncated</c> and the URL to read it from.
/// </summary>
internal static class EventBody
{
    public static byte[] Of(EventQueries.Told told, Deployment deployment) =>
        Of(told, deployment.Policy, deployment.PublicUrl);

    public static byte[] Of(EventQueries.Told told, Policy policy, string publicUrl)
    {
        byte[] body = Write(told, policy, publicUrl, withTexts: true);
        return body.Length > Limits.EventBodyBytes ? Write(told, policy, publicUrl, withTexts: false) : body;
    }

    /// <summary>The type that is told: a test event is stored as a ping and told as what it was asked to be.</summary>
    public static FactType TypeOf(LoggedFact fact) => TypeOf(fact.Type, fact.Data);

    public static FactType TypeOf(int stored, string data)
    {
        if ((FactType)stored is not FactType.WebhookPing) return (FactType)stored;
        using var json = JsonDocument.Parse(data);
        return json.RootElement.TryGetProperty("reason"u8, out var name)
            ? FactTypes.Of(name.GetString()!)
            : FactType.WebhookPing;
    }

    /// <summary>The event itself, or the example that a test event shows instead.</summary>
    private static EventQueries.Told Shown(EventQueries.Told told, FactType type) =>
        type == (FactType)told.Fact.Type
            ? told
            : EventExamples.Of(type, told.Fact.Subject, told.Fact.EventId, told.Fact.AtUs);

    private static byte[] Write(EventQueries.Told told, Policy policy, string publicUrl, bool withTexts)
    {
        var type = TypeOf(told.Fact);
        var source = Shown(told, type);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        json.WriteStartObject();
        json.WriteString("id"u8, Id.Format(Id.Event, source.Fact.EventId));
        json.WriteString("type"u8, FactTypes.Name(type));
        json.WriteString("created_at"u8, JobView.Time(source.Fact.AtUs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null));
        json.WriteNumber("sequence"u8, told.Fact.Sequence);
        json.WriteStartObject("data"u8);
        WriteData(json, source.Fact.Data, policy);
        if (source != told) json.WriteBoolean("test"u8, true);
        if (source.Title is { } title) json.WriteString("title"u8, title);
        if (source.Note is { } note && withTexts) json.WriteString("reason"u8, note);
        if (type is FactType.JobCreated && withTexts)
        {
            json.WriteString("description"u8, source.Description);
            Raw(json, "task_spec", source.TaskSpec);
            Raw(json, "acceptance", source.Acceptance);
        }
        if (!withTexts)
        {
            json.WriteBoolean("truncated"u8, true);
            json.WriteString("url"u8,
                $"{publicUrl}/v1/jobs/{Id.Format(Id.Job, source.Fact.Subject)}");
        }
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The stored data, its sums turned from minor units into the API's decimals.</summary>
    private static void WriteData(Utf8JsonWriter json, string data, Policy policy)
    {
        using var stored = JsonDocument.Parse(data);
        foreach (var member in stored.RootElement.EnumerateObject())
        {
            if (member.Name == "reason" && member.Value.ValueKind is JsonValueKind.String)
                json.WriteString("code"u8, member.Value.GetString());
            else if (member.Name.EndsWith("_minor", StringComparison.Ordinal))
                json.WriteNumber(member.Name[..^6],
                    new Money(member.Value.GetInt64()).ToDecimal(policy.CurrencyDecimals));
            else
                member.WriteTo(json);
        }
        if (stored.RootElement.TryGetProperty("amount_minor"u8, out _)) json.WriteString("currency"u8, policy.Currency);
    }

    private static void Raw(Utf8JsonWriter json, string name, string? stored)
    {
        if (stored is null) return;
        json.WritePropertyName(name);
        json.WriteRawValue(stored);
    }
}
