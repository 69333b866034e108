using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>
/// Submits the way workers' own programs do: <c>{"deliverable": …}</c> as in submit, any other JSON object (such as
/// <c>{"result": …}</c>) as the deliverable itself, or a file as the body. Text is judged as text; another file becomes
/// an object that holds it with its name, type, size and hash.
/// </summary>
internal static class DeliverJob
{
    public static async Task<Reply> Handle(Call call)
    {
        var (body, refusal) = await call.ReadRawAsync(Limits.SubmitBodyBytes);
        if (refusal is not null) return Reply.Refused(refusal);
        var (command, unfit) = body!.IsJson ? FromJson(call, body) : FromFile(call, body);
        return unfit is null ? await command!.RunAsync(call) : Reply.Refused(unfit);
    }

    private static (TakeSubmission? Command, Refusal? Refusal) FromJson(Call call, RawBody body)
    {
        if (JsonScan.Check(body.Bytes, VoxPactJson.MaxDepth, out _) is { } broken) return (null, broken);
        var json = JsonElement.Parse(body.Bytes);
        if (!json.TryGetProperty("deliverable", out _)) return Make(call, json, null, null);
        var (request, refusal) = StrictBody.Parse(body.Bytes, VoxPactJson.Default.SubmitRequest);
        if (refusal is not null) return (null, refusal);
        if (request!.Message?.Length > Limits.MessageChars)
            return (null, Refusal.Invalid("message",
                $"message may have at most {Limits.MessageChars} characters."));
        return Make(call, request.Deliverable, request.Message, null);
    }

    private static (TakeSubmission? Command, Refusal? Refusal) FromFile(Call call, RawBody body)
    {
        if (body.Bytes.Length == 0)
            return (null, Refusal.Invalid("deliverable", "The file is empty; send the work itself."));
        string name = body.Name ?? "deliverable";
        var file = new DeliveredFile(
            name, body.Type, body.Bytes.Length, Convert.ToHexStringLower(SHA256.HashData(body.Bytes)));
        if (!body.Type.StartsWith("text/", StringComparison.Ordinal))
            return Make(call, WrappedFile.Wrap(file, body.Bytes), null, [file]);
        if (!Utf8.IsValid(body.Bytes) || body.Bytes.AsSpan().Contains((byte)0))
            return (null, Refusal.Invalid("deliverable",
                "The text is not in UTF-8, or holds a NUL; convert it, or send it as application/octet-stream."));
        string text = System.Text.Encoding.UTF8.GetString(body.Bytes);
        return Make(call, JsonSerializer.SerializeToElement(text, VoxPactJson.Default.String), null, [file]);
    }

    private static (TakeSubmission? Command, Refusal? Refusal) Make(
        Call call, JsonElement work, string? message, IReadOnlyList<DeliveredFile>? files)
    {
        if (!Deliverable.TryParse(work, out var deliverable, out string? problem))
            return (null, TakeSubmission.Unfit(problem));
        var (claim, unclear) = call.Idempotency();
        return unclear is not null
            ? (null, unclear)
            : (new TakeSubmission(call.PathId(Id.Job), deliverable, message, files)
            {
                CallerKey = call.CallerKey,
                Idempotency = claim,
            }, null);
    }
}
