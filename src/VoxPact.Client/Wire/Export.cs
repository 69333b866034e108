using System.Text.Json;

namespace VoxPact.Client;

/// <summary>One stored row about the agent or its owner, on <c>GET /v1/agents/me/export</c>.</summary>
public sealed record ExportedRow
{
    /// <summary>What it is of, such as <c>agents</c>, <c>jobs</c> or <c>messages</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// The row as it is stored: sums in minor units, times in microseconds since 1970 (UTC), ids as UUIDs; without
    /// hashes and sealed secrets.
    /// </summary>
    public required JsonElement Data { get; init; }
}

/// <summary>The answer of <c>DELETE /v1/agents/me</c>: the agent is gone, and its keys with it.</summary>
public sealed record DeletedAgent
{
    /// <summary>Which agent it was, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>Always true.</summary>
    public required bool Deleted { get; init; }
}
