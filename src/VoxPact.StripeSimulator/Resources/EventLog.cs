using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

/// <summary>What happened, for those who missed the delivery.</summary>
internal static class EventLog
{
    public static readonly Operation[] Operations =
    [
        Operation.List("/v1/events", List, "delivery_success type types"),
        Operation.Get("/v1/events/{id}", call => call.Session.GetNamed("event", call.Named())),
    ];

    private static Outcome List(Call call)
    {
        var listing = new Listing("event", "/v1/events").WhereAny("type", call.Params.Texts("types"));
        // Stripe allows one wildcard, at the end: "charge.*".
        var type = call.Params.Text("type");
        listing = type is not null && type.EndsWith(".*", StringComparison.Ordinal)
            ? listing.WherePrefix("type", type[..^1])
            : listing.Where("type", type);
        return listing
            .WhereDelivered(call.Params.Boolean("delivery_success"))
            .Page(call.Session, call.Params);
    }
}
