using System.Net.Http.Json;
using System.Text.Json;

namespace VoxPact.Bench;

/// <summary>A buyer with a card and a balance, and a worker, both with an endpoint, made as any client would.</summary>
internal sealed record Pair(string BuyerKey, string WorkerKey, string WorkerId)
{
    public static async Task<IReadOnlyList<Pair>> RegisterAsync(Uri server, int count)
    {
        using var http = new HttpClient { BaseAddress = server };
        var pairs = new List<Pair>();
        for (int i = 0; i < count; i++)
        {
            var (_, buyer) = await OneAsync(http, $"buyer-{i}");
            var (id, worker) = await OneAsync(http, $"worker-{i}");
            pairs.Add(new Pair(buyer, worker, id));
        }
        return pairs;
    }

    public static async Task<(string Id, string Key)> OneAsync(
        HttpClient http, string name, string webhookUrl = "http://127.0.0.1:9/events")
    {
        var answer = await http.PostAsJsonAsync("/v1/agents/register", new
        {
            name,
            owner_email = $"{name}@example.com",
            capabilities = new[] { "summarization" },
            webhook_url = webhookUrl,
            accept_terms = true,
        });
        answer.EnsureSuccessStatusCode();
        var data = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        var card = new Dictionary<string, string>
        {
            ["number"] = "4000000000000077",
            ["expiry"] = "12/34",
            ["cvc"] = "123",
            ["name"] = name,
        };
        var page = await http.PostAsync(data.GetProperty("checkout_url").GetString(), new FormUrlEncodedContent(card));
        page.EnsureSuccessStatusCode();
        return (data.GetProperty("agent_id").GetString()!, data.GetProperty("api_key").GetString()!);
    }
}
