using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

/// <summary>What a payment-mode session sells, priced in the request itself.</summary>
internal static class CheckoutItems
{
    private const int MaxItems = 100;
    private const long MaxQuantity = 999_999;

    public static (JsonArray Items, string Currency, long Total) Read(Params form)
    {
        var lines = form.Items("line_items");
        if (lines.Count is 0 or > MaxItems)
            throw Fault.Missing("line_items");
        var items = new JsonArray();
        string? currency = null;
        long total = 0;
        foreach (var line in lines)
        {
            if (line.Hash("price_data") is not { } price)
                throw Fault.Invalid(
                    "The simulator keeps no prices: give price_data.", line.Full("price_data"));
            var its = Fields.Currency(price);
            if ((currency ??= its) != its)
                throw Fault.Invalid("All line items must have the same currency.", price.Full("currency"));
            var quantity = line.Integer("quantity") ?? 1;
            if (quantity is < 1 or > MaxQuantity)
                throw Fault.Invalid("Invalid quantity.", line.Full("quantity"));
            var unit = Fields.Amount(price, "unit_amount");
            total += unit * quantity;
            if (total > 99_999_999)
                throw Fault.Invalid(
                    "Amount must be no more than 999,999.99", "line_items", "amount_too_large");
            items.Add(new JsonObject
            {
                ["id"] = Ids.New("li_"),
                ["object"] = "item",
                ["amount_discount"] = 0,
                ["amount_subtotal"] = unit * quantity,
                ["amount_tax"] = 0,
                ["amount_total"] = unit * quantity,
                ["currency"] = its,
                ["description"] = price.Hash("product_data")?.Text("name"),
                ["price"] = null,
                ["quantity"] = quantity,
            });
        }
        return (items, currency!, total);
    }

    /// <summary>What the payment intent will carry once the person pays.</summary>
    public static JsonObject IntentData(Params form)
    {
        var result = new JsonObject();
        if (form.Hash("payment_intent_data") is not { } data)
            return result;
        Fields.Texts(result, data, "description", "receipt_email", "transfer_group");
        result["setup_future_usage"] = data.Choice("setup_future_usage", "off_session", "on_session");
        result["metadata"] = Fields.Metadata(data);
        return result;
    }
}
