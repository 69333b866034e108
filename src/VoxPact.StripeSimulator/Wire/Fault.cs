using System.Text.Json.Nodes;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>
/// A refusal in Stripe's words. It undoes the request; only an executed one is kept under its key.
/// </summary>
internal sealed class Fault(int status, string type, string? code, string message, string? param)
    : Exception(message)
{
    private readonly JsonObject _attached = [];

    public int Status { get; } = status;

    /// <summary>
    /// True when the endpoint had begun to execute, so that the idempotency key keeps this answer.
    /// </summary>
    public bool Executed { get; private init; }

    /// <summary>Shows an object in the error, as Stripe shows the intent that refused to move.</summary>
    public void Attach(string name, JsonObject subject) => _attached[name] = subject;

    public static Fault Invalid(string message, string? param = null, string? code = null)
        => new(400, "invalid_request_error", code, message, param);

    public static Fault Missing(string param)
        => Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static Fault Empty(string param) => Invalid(
        $"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a "
        + "parameter; "
        + $"however '{param}' cannot be unset.", param, "parameter_invalid_empty");

    public static Fault NoSuch(string type, string id, string param, int status = 400)
        => new(status, "invalid_request_error", "resource_missing", $"No such {type}: '{id}'", param);

    public static Fault TooLarge()
        => new(413, "invalid_request_error", null, "Invalid request: the body is too large.", null);

    public static Fault Unauthorized(string message)
        => new(401, "invalid_request_error", null, message, null);

    public static Fault SecretKeyRequired() => new(
        403, "invalid_request_error", "secret_key_required",
        "This API call cannot be made with a publishable API key. Please use a secret API key.", null);

    public static Fault UnknownUrl(string method, string path) => new(
        404, "invalid_request_error", null, $"Unrecognized request URL ({method}: {path}).", null);

    public static Fault NoAccess(string account) => new(
        403, "invalid_request_error", "account_invalid",
        $"The provided key does not have access to account '{account}' "
        + "(or that account does not exist).", null);

    public static Fault KeyReused(string key) => new(
        400, "idempotency_error", null,
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        + $"Try using a key other than '{key}' if you meant to execute a different request.", null);

    public static Fault KeyInUse(string key) => new(
        409, "idempotency_error", "idempotency_key_in_use",
        $"There is currently another in-progress request using the idempotent key '{key}'.", null);

    /// <summary>The request was well formed, but the state of the world refuses it.</summary>
    public static Fault Refused(string code, string message, string? param = null)
        => new(400, "invalid_request_error", code, message, param) { Executed = true };

    /// <summary>A card number, expiry or code that no card can have.</summary>
    public static Fault Card(string code, string message, string param)
        => new(402, "card_error", code, message, param);

    public static Fault TooMany() => new(
        429, "invalid_request_error", "rate_limit",
        "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.", null);

    /// <summary>Stripe calls such an answer indeterminate: it may have been done, or be done later.</summary>
    public static Fault Planned() => new(
        500, "api_error", null, "An unknown error occurred (the simulator was told to misbehave).", null);

    public static Fault Broken() => new(
        500, "api_error", null, "An error occurred inside the simulator; its log says more.", null);

    public JsonObject ToJson(string requestUrl)
    {
        var error = new JsonObject
        {
            ["message"] = Message,
            ["request_log_url"] = requestUrl,
            ["type"] = type,
        };
        if (code is not null)
        {
            error["code"] = code;
            error["doc_url"] = $"https://stripe.com/docs/error-codes/{code.Replace('_', '-')}";
        }
        if (param is not null)
            error["param"] = param;
        foreach (var (name, subject) in _attached)
            error[name] = subject!.DeepClone();
        return new JsonObject { ["error"] = error };
    }
}
