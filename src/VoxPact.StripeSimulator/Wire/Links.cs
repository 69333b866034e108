namespace VoxPact.StripeSimulator.Wire;

/// <summary>The addresses of the hosted pages, as a person's browser reaches them.</summary>
internal sealed class Links(string publicUrl)
{
    private readonly string _base = publicUrl.TrimEnd('/');

    public string Index => $"{_base}/";

    public string Checkout(string session) => $"{_base}/checkout/c/pay/{session}";

    public string Setup(string intent, string secret)
        => $"{_base}/setup/{intent}?client_secret={Uri.EscapeDataString(secret)}";

    public string Authenticate(string intent, string secret)
        => $"{_base}/authenticate/{intent}?client_secret={Uri.EscapeDataString(secret)}";

    public string Onboard(string token) => $"{_base}/connect/onboard/{token}";

    public string Express(string token) => $"{_base}/express/{token}";
}
