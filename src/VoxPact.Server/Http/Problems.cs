using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using VoxPact.Client;
using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>One row of the catalogue of problems: what a client may see, and what to do about it.</summary>
/// <param name="Code">The word on the wire, in snake case.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A few words, the same for every problem with this code.</param>
/// <param name="Advice">When it comes and what to do.</param>
/// <param name="RetryAfterSeconds">What <c>Retry-After</c> says when nothing better is known; 0 for
/// never.</param>
internal sealed record ProblemKind(
    string Code, int Status, string Title, string Advice, int RetryAfterSeconds = 0);

/// <summary>
/// The only place that turns a refusal into an HTTP status and a problem document (RFC 9457).
/// </summary>
internal static class Problems
{
    /// <summary>The media type of every answer that is not 2xx.</summary>
    public const string ContentType = "application/problem+json";

    private const string Challenge = "Bearer realm=\"voxpact\", ApiKey realm=\"voxpact\"";

    private static readonly FrozenDictionary<RefusalCode, ProblemKind> s_kinds =
        Enum.GetValues<RefusalCode>().ToFrozenDictionary(code => code, KindOf);

    // What can go wrong before there is a well-formed request to refuse, or by our own fault.
    private static readonly ProblemKind s_malformed = new("malformed_request", 400, "Malformed request",
        "The request is not well-formed HTTP; look at what lies between you and the server.");
    private static readonly ProblemKind s_slow = new("request_timeout", 408, "Request timeout",
        "The body came too slowly. Send it again over a better connection.");
    private static readonly ProblemKind s_internal = new("internal_error", 500, "Internal error",
        "A bug of the server. Repeating with the same Idempotency-Key is safe. Tell the operator.");

    /// <summary>
    /// Every problem that the server can answer with, refusals in their order of precedence first.
    /// </summary>
    public static IReadOnlyList<ProblemKind> Catalogue { get; } =
        [.. Enum.GetValues<RefusalCode>().Select(code => s_kinds[code]), s_malformed, s_slow, s_internal];

    /// <summary>The status of a refusal, for code that must choose between answers.</summary>
    public static int StatusOf(RefusalCode code) => s_kinds[code].Status;

    /// <summary>The status and the bytes of a refusal, as they are sent or stored for a replay.</summary>
    public static (int Status, byte[] Body) Render(Refusal refusal, string instance, string requestId)
    {
        ProblemKind kind = s_kinds[refusal.Code];
        return (kind.Status, Bytes(kind, refusal, instance, requestId));
    }

    /// <summary>Answers with a refusal.</summary>
    /// <param name="http">The request that is refused; its answer has not begun.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="retryAfterSeconds">When a repeat makes sense; the kind's own default unless
    /// given.</param>
    public static Task WriteAsync(HttpContext http, Refusal refusal, int? retryAfterSeconds = null) =>
        WriteAsync(http, s_kinds[refusal.Code], refusal, retryAfterSeconds);

    /// <summary>
    /// Answers that the server itself failed; the log has the exception under the same request id.
    /// </summary>
    public static Task WriteInternalErrorAsync(HttpContext http) => WriteAsync(http, s_internal, null, null);

    /// <summary>Answers a request that Kestrel could not read to its end.</summary>
    public static Task WriteAsync(HttpContext http, BadHttpRequestException bad) => bad.StatusCode switch
    {
        413 => WriteAsync(http, TooLarge(http)),
        408 => WriteAsync(http, s_slow, null, null),
        _ => WriteAsync(http, s_malformed, null, null),
    };

    /// <summary>What the listener itself did not read to its end.</summary>
    private static Refusal TooLarge(HttpContext http) => StrictBody.TooLarge(
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? Limits.SubmitBodyBytes);

    /// <summary>Gives a body to an answer that has only a status, such as routing's 404 and 405.</summary>
    public static Task WriteBareStatusAsync(HttpContext http) => http.Response.StatusCode switch
    {
        404 => WriteAsync(http, Refusal.NotFound),
        405 => WriteAsync(http, MethodNotAllowed),
        413 => WriteAsync(http, TooLarge(http)),
        415 => WriteAsync(http, StrictBody.NotJson),
        >= 500 => WriteAsync(http, s_internal, null, null),
        >= 400 => WriteAsync(http, s_malformed, null, null),
        _ => Task.CompletedTask,
    };

    /// <summary>The path is known, the method is not.</summary>
    public static readonly Refusal MethodNotAllowed = new(RefusalCode.MethodNotAllowed,
        "This path does not take that method; the Allow header or /openapi.json says which it takes.");

    private static Task WriteAsync(
        HttpContext http, ProblemKind kind, Refusal? refusal, int? retryAfterSeconds)
    {
        HttpResponse response = http.Response;
        byte[] body = Bytes(kind, refusal, http.Request.Path.Value ?? "/", RequestIds.Of(http));
        response.StatusCode = kind.Status;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (kind.Status == 401) response.Headers.WWWAuthenticate = Challenge;
        int wait = Math.Max(retryAfterSeconds ?? 0, kind.RetryAfterSeconds);
        if (wait > 0) response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        // Answers name what the caller sent and owns; nothing in between may keep them.
        response.Headers[HeaderNames.CacheControl] = "no-store";
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private static byte[] Bytes(ProblemKind kind, Refusal? refusal, string instance, string requestId)
    {
        string sentence = refusal?.Sentence ?? kind.Advice;
        // Whoever logs only the sentence must still learn which member it is about.
        if (refusal?.Errors is { Count: > 0 } errors && errors.First() is { Key: var member, Value: [var first, ..] }
            && first == sentence && !sentence.Contains(member, StringComparison.Ordinal))
            sentence = $"{member}: {sentence}";
        // Clients of this API look for the word to tell a matter of money from any other.
        if (kind.Status == 402
            && !sentence.Contains("payment", StringComparison.OrdinalIgnoreCase))
            sentence = "This needs a payment: " + sentence;
        return JsonSerializer.SerializeToUtf8Bytes(new Problem
        {
            Type = "/docs/errors#" + kind.Code,
            Title = kind.Title,
            Status = kind.Status,
            Detail = sentence,
            Instance = instance,
            Error = sentence,
            Code = kind.Code,
            RequestId = requestId,
            Errors = refusal?.Errors,
            Link = refusal?.Link,
            Limit = refusal?.Left?.Limit,
            Spent = refusal?.Left?.Spent,
            Remaining = refusal?.Left?.Remaining,
            ApprovalId = refusal?.ApprovalId,
        }, VoxPactJson.Wire.Problem);
    }

    private static ProblemKind KindOf(RefusalCode code)
    {
        return code switch
        {
            RefusalCode.MalformedCredential => Row(code, 401, "Missing or malformed credential",
                "The call needs `Authorization: Bearer vxp_live_…` and has none, or one that cannot be a "
                + "key. Copy the whole key."),
            RefusalCode.PayloadTooLarge => Row(code, 413, "Body too large",
                "The body is larger than this endpoint takes. `GET /v1/platform` names the limits."),
            RefusalCode.UnsupportedMediaType => Row(code, 415, "Not JSON",
                "Send JSON in UTF-8 and say so with `Content-Type: application/json`."),
            RefusalCode.MalformedJson => Row(code, 400, "Malformed JSON",
                "The body is not one JSON object in UTF-8. The sentence says where it breaks."),
            RefusalCode.ValidationFailed => Row(code, 400, "Invalid request",
                "A member or parameter is missing, unknown or out of range. `errors` has a sentence for each."),
            RefusalCode.CopiedWork => Row(code, 400, "Copied work",
                "You delivered it to another buyer for another task. Send work for this job; this is not counted."),
            RefusalCode.UnknownCredential => Row(code, 401, "Unknown credential",
                "The key was never issued here or has been rotated, or the token is past its hour. Send the newest "
                + "key of the agent."),
            RefusalCode.OperatorOnly => Row(code, 403, "For the operator only",
                "Send the operator's key, which the server printed at its first start."),
            RefusalCode.IdempotencyKeyReused => Row(code, 422, "Idempotency key reused",
                "The same key came with another request. Make a new key for each new intention."),
            RefusalCode.NotFound => Row(code, 404, "Not found",
                "There is nothing here, or it is not yours: the answer is the same. Check the id and the "
                + "key."),
            RefusalCode.LinkExpired => Row(code, 410, "Link expired",
                "A signed URL works for a quarter of an hour. Ask for a fresh one with the agent's key."),
            RefusalCode.MethodNotAllowed => Row(code, 405, "Method not allowed",
                "The path exists and takes other methods: see the `Allow` header."),
            RefusalCode.Forbidden => Row(code, 403, "Not allowed to you",
                "You are a party to this and the other party may do it. `next_action` says who must act."),
            RefusalCode.AgentNotActive => Row(code, 403, "Agent not active",
                "Open the checkout_url, or ask for a fresh one at `POST /v1/agents/me/checkout`."),
            RefusalCode.AgentSuspended => Row(code, 403, "Agent suspended",
                "The operator of the server suspended the agent. Ask them."),
            RefusalCode.ScopeMissing or RefusalCode.OutsideMandate or RefusalCode.ApprovalRequired
                or RefusalCode.KeyLimitExceeded => OfKeys(code),
            RefusalCode.IdempotencyInFlight => Row(code, 409, "Still being worked on",
                "The first request with this key has no answer yet. Repeat it with the same key.", 1),
            RefusalCode.WrongState => Row(code, 409, "Wrong state",
                "The job has moved on or is not there yet. Read it again; `state` says where it is."),
            RefusalCode.NameTaken => Row(code, 409, "Name taken",
                "An active agent has this name or one that looks like it. Choose another."),
            RefusalCode.AlreadyDone => Row(code, 409, "Already done",
                "This was done before and happens once. Read the resource to see its outcome."),
            RefusalCode.NoSubmissionsLeft => Row(code, 409, "No submissions left",
                "The job's submissions are used up. The worker may dispute, the buyer may approve."),
            RefusalCode.MonthlyLimitExceeded => Row(code, 402, "Monthly limit exceeded",
                "The job would pass the agent's `monthly_limit`: `limit`, `spent` and `remaining` say how much it is. "
                + "`PATCH /v1/agents/me` changes it."),
            RefusalCode.PaymentMethodRequired => Row(code, 402, "Payment method required",
                "The balance is short and no card is saved. Save one with `POST /v1/payment-methods/setup`."),
            RefusalCode.PaymentDeclined => Row(code, 402, "Payment declined",
                "The bank refused the card. Save another one, or ask the bank."),
            RefusalCode.PaymentActionRequired => Row(code, 402, "Payment needs its owner",
                "The bank wants the owner present. Let them open the `link` and pay there, then post again."),
            RefusalCode.RateLimited => Row(code, 429, "Too many requests",
                "Wait as `Retry-After` says. The `RateLimit` header shows what is left.", 1),
            RefusalCode.Overloaded => Row(code, 503, "Overloaded",
                "The server has more to do than it can. Repeat with the same Idempotency-Key after a while.", 1),
            RefusalCode.PaymentProviderUnavailable => Row(code, 503, "Payment provider unavailable",
                "Stripe does not answer. Repeat with the same Idempotency-Key after a while.", 5),
        };
    }

    /// <summary>What named keys may not.</summary>
    private static ProblemKind OfKeys(RefusalCode code) => code switch
    {
        RefusalCode.ScopeMissing => Row(code, 403, "Scope missing",
            "The named key was not made for this. Use a key with the scope that the sentence names, or the one "
            + "that the agent was registered with."),
        RefusalCode.OutsideMandate => Row(code, 403, "Outside of the mandate",
            "The named key may not hire this worker or ask for these capabilities. The sentence says what it may."),
        RefusalCode.ApprovalRequired => Row(code, 403, "Approval required",
            "The sum is above what the named key may spend alone. Have `approval_id` approved at `/v1/approvals`, "
            + "then send the same request again."),
        RefusalCode.KeyLimitExceeded => Row(code, 402, "Limit of the key exceeded",
            "It would pass what the named key may spend on a job or in a day. `limit`, `spent` and `remaining` say "
            + "how much that is."),
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    private static ProblemKind Row(
        RefusalCode code, int status, string title, string advice, int retryAfterSeconds = 0)
    {
        string word = JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());
        return new ProblemKind(word, status, title, advice, retryAfterSeconds);
    }
}
