using System.Net;
using System.Text;
using Stripe;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class ProtocolTests
{
    [Theory]
    [InlineData("POST", "/v1/customers", null, HttpStatusCode.Unauthorized, null, null)]
    [InlineData("POST", "/v1/customers", "sk_test_wrong", HttpStatusCode.Unauthorized, null, null)]
    [InlineData("POST", "/v1/customers", Sandbox.PublishableKey, HttpStatusCode.Forbidden,
        "secret_key_required", null)]
    [InlineData("GET", "/v1/nothing", Sandbox.SecretKey, HttpStatusCode.NotFound, null, null)]
    [InlineData("DELETE", "/v1/transfers", Sandbox.SecretKey, HttpStatusCode.NotFound, null, null)]
    [InlineData("GET", "/v1/payment_intents/pi_none", Sandbox.SecretKey, HttpStatusCode.NotFound,
        "resource_missing", "id")]
    [InlineData("POST", "/v1/customers?colour=red", Sandbox.SecretKey, HttpStatusCode.BadRequest,
        "parameter_unknown", "colour")]
    [InlineData("POST", "/v1/payment_intents?currency=eur", Sandbox.SecretKey, HttpStatusCode.BadRequest,
        "parameter_missing", "amount")]
    [InlineData(
        "POST", "/v1/payment_intents?currency=eur&amount=x", Sandbox.SecretKey, HttpStatusCode.BadRequest,
        "parameter_invalid_integer", "amount")]
    [InlineData("POST", "/v1/payment_intents?currency=eur&amount=49", Sandbox.SecretKey,
        HttpStatusCode.BadRequest, "amount_too_small", "amount")]
    [InlineData("POST", "/v1/payment_intents?currency=eur&amount=50&customer=cus_no", Sandbox.SecretKey,
        HttpStatusCode.BadRequest, "resource_missing", "customer")]
    [InlineData("POST", "/v1/checkout/sessions?mode=setup&currency=eur&success_url=javascript:x",
        Sandbox.SecretKey, HttpStatusCode.BadRequest, "url_invalid", "success_url")]
    [InlineData(
        "GET", "/v1/customers?limit=101", Sandbox.SecretKey, HttpStatusCode.BadRequest, null, "limit")]
    [InlineData("GET", "/v1/accounts/acct_none", Sandbox.SecretKey, HttpStatusCode.Forbidden,
        "account_invalid", null)]
    public async Task Refusals_carry_Stripes_status_code_and_param(
        string method, string path, string? key, HttpStatusCode status, string? code, string? param)
    {
        await using var sandbox = await Sandbox.StartAsync();

        var (response, body) = await sandbox.RawAsync(new HttpMethod(method), path, key);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("invalid_request_error", (string)body["error"]!["type"]!);
        Assert.Equal(code, (string?)body["error"]!["code"]);
        Assert.Equal(param, (string?)body["error"]!["param"]);
        Assert.StartsWith("req_", response.Headers.GetValues("Request-Id").Single());
    }

    [Theory]
    [InlineData("a[b=1")]
    [InlineData("metadata=1&metadata[a]=2")]
    [InlineData("metadata[a]=2&metadata=1")]
    [InlineData("metadata[a][b][c][d][e][f][g][h][i][j]=1")]
    [InlineData("name=%00")]
    [InlineData("name=%FF%FE&%=&=&&[]=1")]
    [InlineData("invoice_settings=x")]
    [InlineData("address[a]=1&address[]=2&expand=x")]
    [InlineData("balance=99999999999999999999")]
    [InlineData("expand[]=nothing.at.all")]
    [InlineData("expand[]=email.x.x.x.x.x.x")]
    public async Task Broken_forms_are_refused_and_never_break_the_server(string form)
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.Host.Url + "/v1/customers");
        request.Headers.Add("Authorization", $"Bearer {Sandbox.SecretKey}");
        request.Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await sandbox.Browser.SendAsync(request, Sandbox.Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_platform_knows_its_own_account_which_is_the_same_after_a_restart()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var before = await sandbox.V1.Accounts.GetSelfAsync(cancellationToken: Sandbox.Stop);
        await sandbox.RestartAsync();
        var after = await sandbox.V1.Accounts.GetSelfAsync(cancellationToken: Sandbox.Stop);

        Assert.Equal(before.Id, after.Id);
        Assert.True(after.ChargesEnabled);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var (response, body) = await sandbox.RawAsync(
            HttpMethod.Post, "/v1/customers", Sandbox.SecretKey, null, (
                "description", new string('x', 300_000)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.NotNull(body["error"]);
    }

    [Fact]
    public async Task A_browser_confirms_a_setup_intent_with_the_publishable_key_and_card_data()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var intent = await sandbox.V1.SetupIntents.CreateAsync(
            new SetupIntentCreateOptions(), cancellationToken: Sandbox.Stop);
        var path = $"/v1/setup_intents/{intent.Id}/confirm";
        (string, string)[] card =
        [
            ("key", Sandbox.PublishableKey),
            ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", "4242424242424242"),
            ("payment_method_data[card][exp_month]", "12"),
            ("payment_method_data[card][exp_year]", "40"),
            ("payment_method_data[card][cvc]", "123"),
        ];

        var (noSecret, _) = await sandbox.RawAsync(HttpMethod.Post, path, null, null, card);
        var (wrong, _) = await sandbox.RawAsync(
            HttpMethod.Post, path, null, null, [.. card, ("client_secret", "guess")]);
        var (right, body) = await sandbox.RawAsync(
            HttpMethod.Post, path, null, null, [.. card, ("client_secret", intent.ClientSecret)]);

        Assert.Equal(HttpStatusCode.BadRequest, noSecret.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Equal("succeeded", (string)body["status"]!);
        Assert.Equal("*", right.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task A_publishable_key_reads_an_intent_only_with_its_secret()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var intent = await sandbox.V1.SetupIntents.CreateAsync(
            new SetupIntentCreateOptions { PaymentMethod = "pm_card_visa" }, cancellationToken: Sandbox.Stop);
        var path = $"/v1/setup_intents/{intent.Id}";

        var (without, _) = await sandbox.RawAsync(HttpMethod.Get, path, Sandbox.PublishableKey);
        var (with, body) = await sandbox.RawAsync(
            HttpMethod.Get, $"{path}?client_secret={intent.ClientSecret}", Sandbox.PublishableKey);

        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Equal("requires_confirmation", (string)body["status"]!);
    }

    [Fact]
    public async Task Lists_page_in_both_directions_and_filter_by_time()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var made = new List<Customer>();
        for (var i = 0; i < 5; i++)
        {
            made.Add(await sandbox.V1.Customers.CreateAsync(
                new CustomerCreateOptions(), cancellationToken: Sandbox.Stop));
            await sandbox.AdvanceAsync(TimeSpan.FromHours(1));
        }
        made.Reverse();
        Task<StripeList<Customer>> ListAsync(CustomerListOptions options)
            => sandbox.V1.Customers.ListAsync(options, cancellationToken: Sandbox.Stop);

        var first = await ListAsync(new CustomerListOptions { Limit = 2 });
        var last = await ListAsync(new CustomerListOptions { Limit = 3, StartingAfter = made[1].Id });
        var back = await ListAsync(new CustomerListOptions { Limit = 2, EndingBefore = made[4].Id });
        var since = await ListAsync(new CustomerListOptions
        {
            Created = new DateRangeOptions { GreaterThanOrEqual = made[2].Created },
        });
        var all = new List<string>();
        await foreach (var customer in sandbox.V1.Customers.ListAutoPagingAsync(
            new CustomerListOptions { Limit = 2 }, cancellationToken: Sandbox.Stop))
            all.Add(customer.Id);

        Assert.Equal(made.Take(2).Select(c => c.Id), first.Data.Select(c => c.Id));
        Assert.True(first.HasMore);
        Assert.Equal(made.Skip(2).Select(c => c.Id), last.Data.Select(c => c.Id));
        Assert.False(last.HasMore);
        Assert.Equal(made.Skip(2).Take(2).Select(c => c.Id), back.Data.Select(c => c.Id));
        Assert.True(back.HasMore);
        Assert.Equal(made.Take(3).Select(c => c.Id), since.Data.Select(c => c.Id));
        Assert.Equal(made.Select(c => c.Id), all);
    }

    [Fact]
    public async Task A_restart_keeps_objects_keys_balance_and_clock()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync();
        await CardTests.ChargeAsync(sandbox, customer.Id, card, 1_000);
        await IdempotencyTests.PostCustomerAsync(sandbox, "key-1", "Ada");
        await sandbox.AdvanceAsync(TimeSpan.FromHours(5));

        await sandbox.RestartAsync();

        var (again, _) = await IdempotencyTests.PostCustomerAsync(sandbox, "key-1", "Ada");
        Assert.True(again.Headers.Contains("Idempotent-Replayed"));
        var balance = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);
        Assert.Equal(1_000, balance.Available[0].Amount);
        var later = await CardTests.ChargeAsync(sandbox, customer.Id, card, 1_000);
        Assert.True(later.Created >= customer.Created + TimeSpan.FromHours(5));
    }

    [Fact]
    public async Task A_customers_cards_are_listed_and_leave_with_detachment()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync();
        await sandbox.V1.Customers.UpdateAsync(
            customer.Id,
            new CustomerUpdateOptions
            {
                InvoiceSettings = new CustomerInvoiceSettingsOptions { DefaultPaymentMethod = card },
            },
            cancellationToken: Sandbox.Stop);

        var held = await sandbox.V1.Customers.PaymentMethods.ListAsync(
            customer.Id, cancellationToken: Sandbox.Stop);
        await sandbox.V1.PaymentMethods.DetachAsync(card, cancellationToken: Sandbox.Stop);
        var left = await sandbox.V1.PaymentMethods.ListAsync(
            new PaymentMethodListOptions { Customer = customer.Id, Type = "card" },
            cancellationToken: Sandbox.Stop);
        var reused = await Assert.ThrowsAsync<StripeException>(
            () => CardTests.ChargeAsync(sandbox, customer.Id, card, 500));

        Assert.Equal(card, Assert.Single(held.Data).Id);
        Assert.Empty(left.Data);
        Assert.Equal(HttpStatusCode.BadRequest, reused.HttpStatusCode);
    }
}
