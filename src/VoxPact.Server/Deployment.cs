using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Files;
using VoxPact.Server.Http;
using VoxPact.Server.Judging;
using VoxPact.Server.Ledger;
using VoxPact.Server.Letters;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server;

/// <summary>Everything that an operation may use, made once at start.</summary>
internal sealed record Deployment
{
    public required ServerOptions Options { get; init; }
    public required Policy Policy { get; init; }
    public required IStore Store { get; init; }
    public required Engine.Engine Engine { get; init; }
    public required BusinessClock Clock { get; init; }
    public required Signals Signals { get; init; }

    /// <summary>The number of this process among all that ever ran on the database.</summary>
    public required long Node { get; init; }

    /// <summary>Those who wait for events.</summary>
    public EventHub Hub { get; } = new();
    public required SecretSeal Seal { get; init; }
    public required byte[] Pepper { get; init; }
    public required Cursor Cursors { get; init; }
    public required AccessTokens Tokens { get; init; }
    public required RateLimits RateLimits { get; init; }
    public required IFileStore Files { get; init; }
    public required RefusedFiles RefusedFiles { get; init; }
    public required SignedLinks Links { get; init; }
    public required LetterLinks Letters { get; init; }

    /// <summary>Null without a configured mail server.</summary>
    public required Mailer? Mailer { get; init; }
    public required StripeGateway Stripe { get; init; }
    public required AddressGuard Addresses { get; init; }
    public required LedgerChecks Checks { get; init; }
    public required ReceiptRing Receipts { get; init; }

    /// <summary>
    /// Sends to webhook endpoints; one for the dispatcher and for pings, so that their limits are one.
    /// </summary>
    public required WebhookSender Sender { get; init; }

    /// <summary>Null in live mode without two judges: then every submission goes to its buyer's review.</summary>
    public required JudgePanel? Judges { get; init; }
    public required WorkReading Works { get; init; }
    public required EarlierWorks EarlierWorks { get; init; }
    public required TimeProvider Time { get; init; }
    public required ILogger Log { get; init; }

    /// <summary>Where people and Stripe reach this server, without a slash at the end.</summary>
    public required string PublicUrl { get; init; }
    public required Mode Mode { get; init; }

    /// <summary>Business time when this process began: what was known before may be of an older copy.</summary>
    public required long StartedUs { get; init; }

    /// <summary>Under which commits are chained.</summary>
    public required byte[] ChainKey { get; init; }

    /// <summary>The simulated Stripe, in sandbox mode only.</summary>
    public Sandbox? Simulator { get; init; }
}
