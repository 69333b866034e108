using System.Text.Json;
using System.Text.Json.Nodes;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Http;

/// <summary>The <c>webhooks</c> of the OpenAPI document: what an agent's own endpoint receives, type by type.</summary>
internal static class ApiWebhooks
{
    public static JsonObject All(Schemas schemas, Policy policy, string publicUrl) => new(FactTypes.Sent.Select(row =>
        KeyValuePair.Create(row.Name, (JsonNode?)new JsonObject { ["post"] = One(row, schemas, policy, publicUrl) })));

    private static JsonObject One(FactTypes.Row row, Schemas schemas, Policy policy, string publicUrl)
    {
        var content = ApiDocument.Content("application/json", new JsonObject
        {
            ["allOf"] = new JsonArray(schemas.RefTo(typeof(WebhookEvent))),
            ["properties"] = new JsonObject
            {
                ["type"] = new JsonObject { ["const"] = row.Name },
                ["data"] = schemas.Add($"{row.Type}Data", ApiEventData.Of(row, policy)),
            },
        });
        content["application/json"]!["example"] =
            JsonNode.Parse(EventBody.Of(EventExamples.Of(row.Type), policy, publicUrl));
        return new JsonObject
        {
            ["operationId"] = JsonNamingPolicy.CamelCase.ConvertName($"Receive{row.Type}"),
            ["summary"] = row.Meaning,
            ["description"] = $"Told to: {row.Recipients}. Signed as Standard Webhooks say, with the endpoint's "
                + "secret. Anything but a 2xx within 15 seconds is tried again for days; events of one job arrive in "
                + "order.",
            ["security"] = new JsonArray(),
            ["parameters"] = new JsonArray(
                Sent("webhook-id", "The event's id, the same in every retry."),
                Sent("webhook-timestamp", "When this attempt was made, in seconds since 1970."),
                Sent("webhook-signature", "`v1,` and the base64 of an HMAC-SHA256 over `id.timestamp.body`; after a "
                    + "rotation two of them, separated by a space.")),
            ["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content },
            ["responses"] = new JsonObject
            {
                ["2XX"] = new JsonObject { ["description"] = "Delivered." },
                ["410"] = new JsonObject { ["description"] = "Nothing is sent to this address any more." },
            },
        };
    }

    private static JsonObject Sent(string name, string says) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["required"] = true,
        ["description"] = says,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };
}
