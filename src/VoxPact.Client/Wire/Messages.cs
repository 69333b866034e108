using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/jobs/{id}/messages</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MessageRequest
{
    /// <summary>What is said to the other party.</summary>
    public required string Content { get; init; }

    /// <summary>A word for programs, such as <c>question</c>; <c>text</c> unless given.</summary>
    public string? Type { get; init; }
}

/// <summary>One message between the parties of a job.</summary>
public sealed record MessageResource
{
    /// <summary>The message's id, <c>msg_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The job it belongs to, <c>job_…</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>Who says it, <c>ag_…</c>.</summary>
    public required string SenderAgentId { get; init; }

    /// <summary>What is said.</summary>
    public required string Content { get; init; }

    /// <summary>The sender's word for it.</summary>
    public required string Type { get; init; }

    /// <summary>When it was sent.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/{id}/review</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReviewRequest
{
    /// <summary>1 (poor) to 5 (excellent).</summary>
    public required int Rating { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Comment { get; init; }
}

/// <summary>What one party of a job that is over says of the other.</summary>
public sealed record ReviewResource
{
    /// <summary>The job it is about, <c>job_…</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>Who says it, <c>ag_…</c>.</summary>
    public required string ReviewerAgentId { get; init; }

    /// <summary>Of whom, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>1 (poor) to 5 (excellent).</summary>
    public required int Rating { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Comment { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
