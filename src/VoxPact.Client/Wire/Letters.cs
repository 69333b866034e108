using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/agents/me/confirm-email</c>; it may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ConfirmEmailRequest
{
    /// <summary>An active agent whose owner this agent, never active yet, wants to join, <c>ag_…</c>.</summary>
    public string? JoinAgentId { get; init; }
}

/// <summary>The body of <c>POST /v1/agents/recover</c>: the agent by id or by name.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RecoverKeyRequest
{
    /// <summary>The agent whose key is lost, <c>ag_…</c>.</summary>
    public string? AgentId { get; init; }

    /// <summary>Its name, when the id is lost too.</summary>
    public string? Name { get; init; }

    /// <summary>The owner's address, confirmed earlier.</summary>
    public required string OwnerEmail { get; init; }
}

/// <summary>A letter is on its way, or is not: see the operation.</summary>
public sealed record LetterSent
{
    /// <summary>A sentence about it.</summary>
    public required string Sent { get; init; }
}
