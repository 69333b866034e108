using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Polly.CircuitBreaker;
using Polly.RateLimiting;

namespace VoxPact.Server.Judging;

/// <summary>
/// Says why a judge gave no answer, in words that somebody can act on. Parties and strangers read them, so they hold
/// no text of the provider, which might quote a key, no address, and no name from the code.
/// </summary>
internal static class JudgeOutage
{
    /// <summary>A sentence such as <c>openai-second (gpt-x) answered 401: the key is refused.</c></summary>
    public static string Why(Judge judge, Exception error) => $"{judge.Title} {Cause(error)}.";

    /// <summary>For a judge whose whole time went by.</summary>
    public static string Late(Judge judge) => string.Create(CultureInfo.InvariantCulture,
        $"{judge.Title} did not answer within {(long)judge.Timeout.TotalSeconds} seconds.");

    /// <summary>For a judge that is not asked at all for a while; the cause is why it last failed.</summary>
    public static string Resting(Judge judge) =>
        $"{judge.Guard?.Now?.Why ?? $"{judge.Title} failed too often."} It is left alone for some seconds.";

    /// <summary>What the link said that named the cause, for the log; else what the outermost says.</summary>
    public static (string Detail, bool IsNamed) Detail(Exception error)
    {
        for (Exception? link = error; link is not null; link = link.InnerException)
            if (link is OperationCanceledException or BrokenCircuitException || CauseOf(link) is not null)
                return (link.Message, true);
        return (error.Message, false);
    }

    /// <summary>Libraries wrap what happened, each in its own way: the first link that says it counts.</summary>
    private static string Cause(Exception error)
    {
        for (Exception? link = error; link is not null; link = link.InnerException)
            if (CauseOf(link) is { } cause) return cause;
        return "gave nothing that could be read as an answer";
    }

    private static string? CauseOf(Exception link) => link switch
    {
        HttpRequestException { StatusCode: { } status } =>
            string.Create(CultureInfo.InvariantCulture, $"answered {(int)status}: {Meaning(status)}"),
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
            "could not be reached: the connection was refused, nothing listens at its address",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            "could not be reached: the name of its host was not found",
        SocketException { SocketErrorCode: SocketError.TimedOut } =>
            "could not be reached: the connection timed out",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } =>
            "could not be reached: there is no way to its host",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "could not be reached: no secure connection came about, look at its certificate",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            "answered with more than an answer may have",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or IOException =>
            "could not be reached: the connection was lost",
        RateLimiterRejectedException => "has as many calls waiting as may wait",
        JsonException => "answered with something that is not its provider's protocol: check its provider and address",
        _ => null,
    };

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity =>
            "the request is refused, perhaps for the form of answers or a setting that the model does not take",
        HttpStatusCode.Unauthorized => "the key is refused",
        HttpStatusCode.PaymentRequired => "the account has no credit",
        HttpStatusCode.Forbidden => "the key may not use this model",
        HttpStatusCode.NotFound => "there is no such model, or no such address",
        HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => "it took too long on the provider's side",
        HttpStatusCode.RequestEntityTooLarge => "the prompt is too long for it",
        HttpStatusCode.TooManyRequests => "too many requests, or the account's limit is reached",
        ModelTransport.Overloaded => "the provider is overloaded",
        >= HttpStatusCode.InternalServerError => "the provider has a fault",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
            "it wants to send the request elsewhere, which is not followed; check its address",
        _ => "the provider refuses",
    };
}
