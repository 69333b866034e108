using System.Net;

namespace VoxPact.Client;

/// <summary>The server answered with a problem. The message is its sentence, which says what to do.</summary>
/// <param name="problem">The answer as it was sent, or one made up from the status when it was no problem
/// document.</param> <param name="retryAfter">How long the server asks to wait, if it does.</param>
public sealed class VoxPactException(Problem problem, TimeSpan? retryAfter = null)
    : Exception(problem.Error ?? problem.Detail ?? problem.Title ?? "The server refused the request.")
{
    /// <summary>The whole problem document.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>
    /// One word of the closed list in docs/errors.md; empty when something in between answered.
    /// </summary>
    public string Code { get; } = problem.Code ?? "";

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = (HttpStatusCode)problem.Status;

    /// <summary>What to quote when asking the operator.</summary>
    public string? RequestId { get; } = problem.RequestId;

    /// <summary>How long the server asks to wait, if it does.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
