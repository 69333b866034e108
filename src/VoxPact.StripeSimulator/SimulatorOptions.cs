namespace VoxPact.StripeSimulator;

/// <summary>Everything the simulator is told at start.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The SQLite file that holds the simulator's whole state; made if it does not exist.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>
    /// The base under which a browser reaches the hosted pages; null means the own address.
    /// </summary>
    public string? PublicUrl { get; init; }

    /// <summary>
    /// Where events are sent; null keeps them until <c>POST /_control/webhook</c> names a place.
    /// </summary>
    public string? WebhookUrl { get; init; }

    /// <summary>Signs events as Stripe does (<c>whsec_…</c>).</summary>
    public required string WebhookSecret { get; init; }

    /// <summary>
    /// The only secret key (<c>sk_…</c>) the API accepts; the control endpoints want it too.
    /// </summary>
    public required string SecretKey { get; init; }

    /// <summary>
    /// The key for browsers (<c>pk_…</c>), which may confirm with a client secret and little else.
    /// </summary>
    public required string PublishableKey { get; init; }

    /// <summary>
    /// The wall clock; the simulator's own time is this plus what <c>/_control/clock</c> has added.
    /// </summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a charge stays in the pending balance, in the simulator's time.</summary>
    public TimeSpan BalanceDelay { get; init; } = TimeSpan.Zero;

    /// <summary>What processing costs, until <c>POST /_control/fees</c> says otherwise.</summary>
    public ProcessingFees Fees { get; init; } = ProcessingFees.None;

    /// <summary>
    /// The seam for misbehaviour: awaited at each stage of a request with its path, outside any transaction.
    /// Waiting here delays an answer, throwing here loses it.
    /// </summary>
    internal Func<RequestStage, string, Task> AtStage { get; init; } = static (_, _) => Task.CompletedTask;
}

internal enum RequestStage
{
    /// <summary>Understood and admitted, nothing executed yet; an idempotency key counts as in use.</summary>
    Admitted,

    /// <summary>Committed, and the answer has not left yet.</summary>
    Committed,
}
