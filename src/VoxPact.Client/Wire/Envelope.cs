using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// The shape of every successful answer that is not a list: <c>{"success":true,"data":{…}}</c>.
/// </summary>
/// <typeparam name="T">What stands under <c>data</c>.</typeparam>
public sealed record Envelope<T>
{
    /// <summary>True in every answer with a 2xx status.</summary>
    public bool Success { get; init; } = true;

    /// <summary>The resource that was asked for or made.</summary>
    public required T Data { get; init; }
}

/// <summary>One page of a list: <c>{"success":true,"data":[…],"next_cursor":null}</c>.</summary>
/// <typeparam name="T">The kind of the items.</typeparam>
public sealed record Page<T>
{
    /// <summary>True in every answer with a 2xx status.</summary>
    public bool Success { get; init; } = true;

    /// <summary>The items of this page, in the list's documented order; empty when there are none.</summary>
    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>
    /// Send it as <c>cursor</c> to read on; null on the last page. Opaque, and bound to agent and filter.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? NextCursor { get; init; }
}

/// <summary>
/// Every answer that is not 2xx, as <c>application/problem+json</c> (RFC 9457) with the members that clients
/// of this API read beside it: <c>success</c>, <c>error</c>, <c>code</c>, <c>request_id</c> and
/// <c>errors</c>.
/// </summary>
public sealed record Problem
{
    /// <summary>
    /// A reference to the page that explains the code, such as <c>/docs/errors#not_found</c>.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>A few words that are the same for every problem with this code.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status, repeated.</summary>
    public int Status { get; init; }

    /// <summary>The same sentence as <see cref="Error"/>, where RFC 9457 expects it.</summary>
    public string? Detail { get; init; }

    /// <summary>The path of the request.</summary>
    public string? Instance { get; init; }

    /// <summary>Always false.</summary>
    public bool Success { get; init; }

    /// <summary>A sentence that says what to do; always a string.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// One word of the closed list in docs/errors.md, such as <c>payment_method_required</c>.
    /// </summary>
    public string? Code { get; init; }

    /// <summary>The same value as the <c>Request-Id</c> header: quote it when asking the operator.</summary>
    public string? RequestId { get; init; }

    /// <summary>Sentences by member of the request, for answers with status 400; absent otherwise.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>
    /// A page that a person must open before the call can succeed, as with <c>payment_action_required</c>.
    /// </summary>
    public string? Link { get; init; }

    /// <summary>The limit that would be passed, in major units, as with <c>monthly_limit_exceeded</c>.</summary>
    public decimal? Limit { get; init; }

    /// <summary>What counts against it so far.</summary>
    public decimal? Spent { get; init; }

    /// <summary>What remains of it.</summary>
    public decimal? Remaining { get; init; }

    /// <summary>With <c>approval_required</c>: what to approve at <c>/v1/approvals</c>.</summary>
    public string? ApprovalId { get; init; }
}
