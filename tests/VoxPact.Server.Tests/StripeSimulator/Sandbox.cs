using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Stripe;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

/// <summary>
/// A simulator of its own for one test: a real socket, a real file, Stripe.net as the client.
/// </summary>
internal sealed class Sandbox : IAsyncDisposable
{
    public const string SecretKey = "sk_test_sandbox";
    public const string PublishableKey = "pk_test_sandbox";
    public const string WebhookSecret = "whsec_sandbox";

    private readonly string _folder;

    private Sandbox(string folder, SimulatorOptions options, StripeSimulatorHost host)
    {
        _folder = folder;
        Options = options;
        Host = host;
        Connect();
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public SimulatorOptions Options { get; }

    public StripeSimulatorHost Host { get; private set; }

    public StripeClient Stripe { get; private set; } = null!;

    public V1Services V1 => Stripe.V1;

    /// <summary>A browser: it keeps no cookies and shows redirects instead of following them.</summary>
    public HttpClient Browser { get; private set; } = null!;

    public static async Task<Sandbox> StartAsync(Func<SimulatorOptions, SimulatorOptions>? change = null)
    {
        var folder = Directory.CreateTempSubdirectory("voxpact-stripe-").FullName;
        var options = new SimulatorOptions
        {
            DatabasePath = Path.Combine(folder, "stripe.db"),
            SecretKey = SecretKey,
            PublishableKey = PublishableKey,
            WebhookSecret = WebhookSecret,
        };
        options = change?.Invoke(options) ?? options;
        return new Sandbox(folder, options, await StripeSimulatorHost.StartAsync(options, Stop));
    }

    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = await StripeSimulatorHost.StartAsync(Options, Stop);
        Connect();
    }

    public async Task<JsonObject> ControlAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Host.Url}/_control/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretKey);
        request.Content = JsonContent.Create(body);
        using var response = await Browser.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Stop))!;
    }

    public Task AdvanceAsync(TimeSpan time)
        => ControlAsync("clock", new { advance_seconds = (long)time.TotalSeconds });

    public Task FundAsync(long amount, string currency = "eur")
        => ControlAsync("balance", new { amount, currency });

    /// <summary>A raw form request, for what Stripe.net would not send or would not show.</summary>
    public async Task<(HttpResponseMessage Response, JsonObject Body)> RawAsync(
        HttpMethod method, string path, string? key, string? idempotencyKey = null,
        params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(method, Host.Url + path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        if (method == HttpMethod.Post)
            request.Content = Form(form);
        var response = await Browser.SendAsync(request, Stop);
        return (response, (await response.Content.ReadFromJsonAsync<JsonObject>(Stop))!);
    }

    public Task<HttpResponseMessage> SubmitAsync(string url, params (string Name, string Value)[] form)
        => Browser.PostAsync(url, Form(form), Stop);

    public Task<HttpResponseMessage> SubmitCardAsync(string url, string number)
        => SubmitAsync(
            url, ("number", number), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "Ada Example"));

    /// <summary>A customer with a saved card, ready to be charged while nobody is there.</summary>
    public async Task<(Customer Customer, string Card)> SaveCardAsync(string testId = "pm_card_visa")
    {
        var customer = await V1.Customers.CreateAsync(
            new CustomerCreateOptions { Email = "buyer@example.com" }, cancellationToken: Stop);
        var intent = await V1.SetupIntents.CreateAsync(
            new SetupIntentCreateOptions { Customer = customer.Id, PaymentMethod = testId, Confirm = true },
            cancellationToken: Stop);
        if (intent.Status == "requires_action")
            await SubmitAsync(AuthenticationPage(intent.Id, intent.ClientSecret), ("outcome", "complete"));
        return (customer, intent.PaymentMethodId);
    }

    public string AuthenticationPage(string id, string secret)
        => $"{Host.Url}/authenticate/{id}?client_secret={secret}";

    /// <summary>An Express account whose owner has finished onboarding.</summary>
    public async Task<Account> OnboardAsync(string iban = "DE89370400440532013000")
    {
        var account = await V1.Accounts.CreateAsync(
            new AccountCreateOptions { Type = "express", Country = "DE" }, cancellationToken: Stop);
        var link = await V1.AccountLinks.CreateAsync(
            new AccountLinkCreateOptions
            {
                Account = account.Id,
                Type = "account_onboarding",
                RefreshUrl = "https://voxpact.test/refresh",
                ReturnUrl = "https://voxpact.test/return",
            },
            cancellationToken: Stop);
        using var response = await SubmitAsync(
            link.Url, ("country", "DE"), ("legal_name", "Ada Example"), ("iban", iban));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return await V1.Accounts.GetAsync(account.Id, cancellationToken: Stop);
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static FormUrlEncodedContent Form((string Name, string Value)[] form)
        => new(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private void Connect()
    {
        Browser?.Dispose();
        Browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        Stripe = new StripeClient(new StripeClientOptions
        {
            ApiKey = SecretKey,
            ApiBase = Host.Url,
            HttpClient = new SystemNetHttpClient(new HttpClient(), maxNetworkRetries: 0),
        });
    }
}
