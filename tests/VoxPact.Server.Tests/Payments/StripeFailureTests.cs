using System.Text;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Payments;
using VoxPact.Server.Tests.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

/// <summary>Every answer that Stripe or the way to it can give, through Stripe.net, over a socket.</summary>
public sealed class StripeFailureTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, """{"id":"pi_1","status":"succeeded"}""", "Succeeded pi_1")]
    [InlineData(200, """{"id":"pi_1","status":"processing"}""", "Unknown Processing")]
    [InlineData(200, """{"id":"pi_1","status":"requires_capture"}""", "Unknown Processing")]
    [InlineData(200, """{"id":"pi_1","status":"a_new_word"}""", "Unknown Processing")]
    [InlineData(200, """{"id":"pi_1","status":"requires_confirmation"}""", "Unknown Processing")]
    [InlineData(200, """{"id":"pi_1","status":"canceled"}""", "Declined canceled")]
    [InlineData(200,
        """
        {"id":"pi_1","status":"requires_action",
         "next_action":{"type":"redirect_to_url","redirect_to_url":{"url":"https://bank.example/3ds"}}}
        """, "ActionRequired pi_1 https://bank.example/3ds")]
    [InlineData(200, "null", "Unknown Unreadable")]
    [InlineData(200, "[]", "Unknown Unreadable")]
    [InlineData(200, "{", "Unknown Unreadable")]
    [InlineData(200, "<html>captive portal</html>", "Unknown Unreadable")]
    [InlineData(302, "", "Unknown Unreadable")]
    [InlineData(402,
        """{"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}}""",
        "Declined insufficient_funds")]
    [InlineData(402, """{"error":{"type":"card_error","code":"expired_card"}}""", "Declined expired_card")]
    [InlineData(402,
        """
        {"error":{"type":"card_error","code":"authentication_required",
         "payment_intent":{"id":"pi_1","status":"requires_payment_method"}}}
        """, "ActionRequired pi_1 ")]
    [InlineData(402,
        """
        {"error":{"type":"card_error","code":"card_declined","decline_code":"authentication_required",
         "payment_intent":{"id":"pi_1","status":"requires_payment_method"}}}
        """, "ActionRequired pi_1 ")]
    [InlineData(400,
        """
        {"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state",
         "payment_intent":{"id":"pi_1","status":"succeeded"}}}
        """, "Succeeded pi_1")]
    [InlineData(400,
        """
        {"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state",
         "payment_intent":{"id":"pi_1","status":"processing"}}}
        """, "Unknown Processing")]
    [InlineData(400,
        """{"error":{"type":"invalid_request_error","code":"payment_intent_unexpected_state"}}""",
        "Declined payment_intent_unexpected_state")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"amount_too_small"}}""",
        "Declined amount_too_small")]
    [InlineData(400, """{"error":{"type":"invalid_request_error"}}""", "Declined invalid_request_error")]
    [InlineData(400, """{"error":{"type":"idempotency_error"}}""", "Unknown KeyReused")]
    [InlineData(400, "Bad Request", "Unknown Unreadable")]
    [InlineData(401, """{"error":{"type":"invalid_request_error"}}""", "Unknown CredentialRefused")]
    [InlineData(403, """{"error":{"type":"invalid_request_error"}}""", "Unknown CredentialRefused")]
    [InlineData(403, """{"error":{"type":"invalid_request_error","code":"account_invalid"}}""",
        "Declined account_invalid")]
    [InlineData(404, """{"error":{"type":"invalid_request_error","code":"resource_missing"}}""",
        "Declined resource_missing")]
    [InlineData(409, """{"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}}""",
        "Unknown InFlight")]
    [InlineData(424, """{"error":{"type":"api_error"}}""", "Unknown ProviderFailed")]
    [InlineData(429, """{"error":{"type":"invalid_request_error","code":"lock_timeout"}}""",
        "Unknown RateLimited")]
    [InlineData(429, "slow down", "Unknown RateLimited")]
    [InlineData(500, """{"error":{"type":"api_error"}}""", "Unknown ProviderFailed")]
    [InlineData(502, "<html>bad gateway</html>", "Unknown ProviderFailed")]
    [InlineData(503, "", "Unknown ProviderFailed")]
    public async Task Each_answer_to_a_confirmation_has_one_meaning(int status, string body, string meaning)
    {
        await using var stripe = new RawEndpoint(Answer(status, body));
        using StripeGateway gateway = Gateway(stripe);
        Assert.Equal(meaning, Words(await gateway.ConfirmChargeAsync("pi_1", "charge:op_1:1:confirm", Stop)));
        Assert.Equal(1, stripe.Hits);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\":\"pi_1\",\"status\":\"succ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task A_connection_that_breaks_leaves_the_outcome_unknown(string answer)
    {
        await using var stripe = new RawEndpoint(answer);
        using StripeGateway gateway = Gateway(stripe);
        ProviderOutcome outcome = await gateway.ConfirmChargeAsync("pi_1", "key", Stop);
        Assert.Equal("Unknown ConnectionLost", Words(outcome));
        Assert.Equal(1, stripe.Hits);
    }

    [Fact]
    public async Task A_closed_port_leaves_the_outcome_unknown()
    {
        var stripe = new RawEndpoint("");
        using StripeGateway gateway = Gateway(stripe);
        await stripe.DisposeAsync();
        Assert.Equal("Unknown ConnectionLost", Words(await gateway.ConfirmChargeAsync("pi_1", "key", Stop)));
    }

    [Fact]
    public async Task No_answer_in_time_leaves_the_outcome_unknown()
    {
        await using var stripe = new RawEndpoint((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        StripeGateway.Options hasty = Options(stripe) with { Timeout = TimeSpan.FromMilliseconds(200) };
        using var gateway = new StripeGateway(hasty);
        ProviderOutcome outcome = await gateway.ConfirmChargeAsync("pi_1", "key", Stop);
        Assert.Equal("Unknown TimedOut", Words(outcome));
        Assert.False(Assert.IsType<ProviderOutcome.Unknown>(outcome).ReadFirst);
    }

    [Fact]
    public async Task A_stop_is_not_an_outcome()
    {
        await using var stripe = new RawEndpoint((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        using StripeGateway gateway = Gateway(stripe);
        using var stop = new CancellationTokenSource();
        Task call = gateway.ConfirmChargeAsync("pi_1", "key", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task The_frozen_body_and_the_key_are_what_is_sent()
    {
        string answer = Answer(200, """{"id":"pi_1","status":"requires_confirmation"}""");
        await using var stripe = new RawEndpoint(answer);
        using StripeGateway gateway = Gateway(stripe);
        var metadata = new Dictionary<string, string> { ["op"] = "charge:op_1", ["owner"] = "own_1" };
        var body = new ChargeBody(50, "eur", "cus_1", "pm_1", metadata);
        Assert.Equal("Succeeded pi_1", Words(await gateway.CreateChargeAsync(body, "charge:op_1:1", Stop)));

        ReceivedRequest request = Assert.Single(stripe.Requests);
        Assert.Equal("POST /v1/payment_intents HTTP/1.1", request.Line);
        Assert.Equal("charge:op_1:1", request.Headers["idempotency-key"]);
        Assert.Equal("Bearer sk_test_1", request.Headers["authorization"]);
        string[] sent = Uri.UnescapeDataString(Encoding.UTF8.GetString(request.Body)).Split('&');
        string[] expected =
        [
            "amount=50", "currency=eur", "customer=cus_1", "payment_method=pm_1",
            "allowed_payment_method_types[0]=card", "metadata[op]=charge:op_1", "metadata[owner]=own_1",
        ];
        Assert.Equal(expected.Order(), sent.Order());
    }

    [Theory]
    [InlineData(500, """{"error":{"type":"api_error"}}""", null)]
    [InlineData(429, """{"error":{"type":"invalid_request_error"}}""", null)]
    [InlineData(401, """{"error":{"type":"invalid_request_error"}}""", null)]
    [InlineData(400, """{"error":{"type":"invalid_request_error","code":"email_invalid"}}""",
        "email_invalid")]
    public async Task A_call_that_moves_no_money_throws_one_exception(int status, string body, string? code)
    {
        await using var stripe = new RawEndpoint(Answer(status, body));
        using StripeGateway gateway = Gateway(stripe);
        var thrown = await Assert.ThrowsAsync<PaymentProviderUnavailable>(
            () => gateway.CreateCustomerAsync("own_1", "a@b", "key", Stop));
        Assert.Equal(code, thrown.RefusedCode);
    }

    [Fact]
    public async Task A_list_that_breaks_throws_the_same_exception()
    {
        await using var stripe = new RawEndpoint(Answer(503, ""));
        using StripeGateway gateway = Gateway(stripe);
        await Assert.ThrowsAsync<PaymentProviderUnavailable>(
            () => gateway.FindChargesByOpAsync("charge:op_1", DateTimeOffset.UnixEpoch, Stop));
    }

    private static string Words(ProviderOutcome outcome) => outcome switch
    {
        ProviderOutcome.Succeeded succeeded => $"Succeeded {succeeded.ProviderId}",
        ProviderOutcome.Declined declined => $"Declined {declined.Code}",
        ProviderOutcome.ActionRequired action => $"ActionRequired {action.ProviderId} {action.Url}",
        ProviderOutcome.Unknown unknown => $"Unknown {unknown.Reason}",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static string Answer(int status, string body) =>
        $"HTTP/1.1 {status} Test\r\nContent-Type: application/json\r\nConnection: close\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    private static StripeGateway.Options Options(RawEndpoint stripe) =>
        new("sk_test_1", $"http://127.0.0.1:{stripe.Port}");

    private static StripeGateway Gateway(RawEndpoint stripe) => new(Options(stripe));
}
