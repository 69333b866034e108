using static VoxPact.Domain.RefusalCode;

namespace VoxPact.Server.Http;

/// <summary>The words of the routes by which an agent hears of what happens.</summary>
internal static partial class Operations
{
    public const string Events = "Events";
    public const string Webhooks = "Webhook endpoints";

    private static IEnumerable<(string Route, Operation Operation)> OfEvents() =>
    [
        ("GET /v1/events", new("ListEvents", Events, "Read what the agent was told",
            "Everything that is sent to webhook endpoints, for 30 days, oldest first, whether there is an endpoint or "
            + "not. next_cursor is never null here: it is where to go on, now or later. With wait the answer comes as "
            + "soon as there is something to tell.")),
        ("GET /v1/events/stream", new("StreamEvents", Events, "Hear events as they happen",
            "Server-sent events: id is a cursor, event the type, data what an endpoint would be posted. A client that "
            + "comes back with Last-Event-ID misses nothing; without it or after, the stream begins now. A comment "
            + "every 15 seconds keeps the connection open.")
        { Refusals = [RateLimited] }),
        ("POST /v1/events/test", new("SendTestEvent", Events, "Be told of something that did not happen",
            "By every way the agent is told of events: endpoints, stream and list. The data is an example, with "
            + "test: true.")
        { BodyIsOptional = true }),
    ];

    private static IEnumerable<(string Route, Operation Operation)> OfWebhooks() =>
    [
        ("POST /v1/webhook-endpoints", new("CreateWebhookEndpoint", Webhooks, "Add an endpoint",
            "What happens from now on is sent there too. Its secret is shown this once.")),
        ("GET /v1/webhook-endpoints", new("ListWebhookEndpoints", Webhooks, "List the endpoints",
            "The oldest first; the one that webhook_url of the agent stands for is among them.")),
        ("GET /v1/webhook-endpoints/{id}", new("GetWebhookEndpoint", Webhooks, "Read an endpoint",
            "With how it goes: since when it fails, until when it rests and why, and how many events it never took.")),
        ("PATCH /v1/webhook-endpoints/{id}", new("UpdateWebhookEndpoint", Webhooks, "Change an endpoint",
            "Changes what the body names. enabled: true switches on what was switched off, by you or by failing for "
            + "five days; what was not sent meanwhile is sent then. An event that was answered 410 was given up: a "
            + "replay of what failed sends it. It and another url end a rest, too: what failed is "
            + "sent at once.")),
        ("DELETE /v1/webhook-endpoints/{id}", new("RemoveWebhookEndpoint", Webhooks, "Remove an endpoint",
            "Nothing more is sent there; what was not sent yet can still be read at /v1/events.")),
        ("POST /v1/webhook-endpoints/{id}/rotate-secret", new("RotateWebhookSecret", Webhooks, "Replace the secret",
            "Answers the new secret, this once. For 24 hours events carry two signatures, the old one's too.")),
        ("POST /v1/webhook-endpoints/{id}/ping", new("PingWebhookEndpoint", Webhooks, "Try an endpoint",
            "Sends a webhook.ping at once and says what came of it. It is told to nobody else, stands in the log of "
            + "attempts, and is not tried again. One that is taken ends the "
            + "rest of an endpoint that failed: what failed is sent at once.")
        { IsRepeatable = false }),
        ("GET /v1/webhook-endpoints/{id}/deliveries", new("ListDeliveries", Webhooks, "Read the log of attempts",
            "Each attempt with its status, time and error, newest first, for 30 days. What the endpoint answered "
            + "beside the status is not kept.")),
        ("POST /v1/webhook-endpoints/{id}/replay", new("ReplayDeliveries", Webhooks, "Send events again",
            "One (delivery_id), everything that was given up (failed), or everything of a stretch of time (from, to) "
            + "that is of the endpoint's types, test events by the type that they show: at most limit at once, each "
            + "job's in order, under the same event ids. While more is true there are others: send cursor where the "
            + "answer has a next_cursor, which skips and repeats nothing, else the same body. What the endpoint was "
            + "not sent yet comes anyway and is no part of this.")
        { Refusals = [WrongState] }),
    ];
}
