using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VoxPact.Server.Demo;

/// <summary>What a person does on Stripe's pages, here on the simulator's: fills in forms.</summary>
internal sealed partial class HostedPages(HttpClient http, string stripe)
{
    /// <summary>Completes Checkout with a test card and says what the page that it leads to says.</summary>
    public Task<string> PayAsync(
        string checkoutUrl, string cardNumber, string name, CancellationToken stop) => FillAsync(
        checkoutUrl,
        new() { ["number"] = cardNumber, ["expiry"] = "12/34", ["cvc"] = "123", ["name"] = name }, stop);

    /// <summary>Tells Stripe who gets paid, and where to.</summary>
    public Task<string> OnboardAsync(string onboardingUrl, string name, CancellationToken stop) => FillAsync(
        onboardingUrl,
        new()
        {
            ["country"] = "DE",
            ["legal_name"] = name,
            ["iban"] = "DE89370400440532013000",
            ["outcome"] = "verified",
        }, stop);

    /// <summary>
    /// Saves a card as Stripe.js does it in the page of a shop: with the SetupIntent's client secret and the
    /// publishable key, so that the number goes to Stripe and to nobody else. Returns the payment method's id.
    /// </summary>
    public async Task<string> ConfirmSetupAsync(
        string clientSecret, string publishableKey, string cardNumber, CancellationToken stop)
    {
        string intent = clientSecret[..clientSecret.IndexOf("_secret_", StringComparison.Ordinal)];
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["payment_method_data[type]"] = "card",
            ["payment_method_data[card][number]"] = cardNumber,
            ["payment_method_data[card][exp_month]"] = "12",
            ["payment_method_data[card][exp_year]"] = "34",
            ["payment_method_data[card][cvc]"] = "123",
            ["use_stripe_sdk"] = "true",
            ["key"] = publishableKey,
            ["client_secret"] = clientSecret,
        });
        using var answer = await http.PostAsync($"{stripe}/v1/setup_intents/{intent}/confirm", form, stop);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop));
        return (string?)body?["status"] == "succeeded"
            ? (string)body["payment_method"]!
            : throw new DemoBroke(
                $"The card was not saved: {body?["error"]?["message"] ?? body?["status"]}.");
    }

    private async Task<string> FillAsync(
        string url, Dictionary<string, string> fields, CancellationToken stop)
    {
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await http.PostAsync(url, form, stop);
        string page = await answer.Content.ReadAsStringAsync(stop);
        string said = System.Net.WebUtility.HtmlDecode(Paragraph().Match(page).Groups[1].Value);
        return answer.IsSuccessStatusCode
            ? said
            : throw new DemoBroke($"The page at {url} refused the form: {said}");
    }

    [GeneratedRegex("<p[^>]*>(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex Paragraph();
}

/// <summary>The demo cannot go on, in words.</summary>
internal sealed class DemoBroke(string why) : Exception(why);
