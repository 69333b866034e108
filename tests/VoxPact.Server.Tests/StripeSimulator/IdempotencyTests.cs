using System.Net;
using System.Text.Json.Nodes;
using Stripe;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task A_repeated_key_replays_the_same_bytes_and_makes_nothing_new()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var (first, firstBody) = await PostCustomerAsync(sandbox, "key-1", "Ada");
        var (second, secondBody) = await PostCustomerAsync(sandbox, "key-1", "Ada");

        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("true", second.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(firstBody.ToJsonString(), secondBody.ToJsonString());
        Assert.Single((await sandbox.V1.Customers.ListAsync(cancellationToken: Sandbox.Stop)).Data);
    }

    [Fact]
    public async Task A_key_used_with_other_parameters_or_another_path_is_an_idempotency_error()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await PostCustomerAsync(sandbox, "key-1", "Ada");

        var (other, body) = await PostCustomerAsync(sandbox, "key-1", "Eve");
        var (path, pathBody) = await sandbox.RawAsync(
            HttpMethod.Post, "/v1/setup_intents", Sandbox.SecretKey, "key-1", ("description", "Ada"));

        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
        Assert.Equal("idempotency_error", (string)body["error"]!["type"]!);
        Assert.Equal(HttpStatusCode.BadRequest, path.StatusCode);
        Assert.Equal("idempotency_error", (string)pathBody["error"]!["type"]!);
    }

    [Fact]
    public async Task A_key_in_flight_answers_409_and_its_answer_is_there_afterwards()
    {
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var sandbox = await Sandbox.StartAsync(options => options with
        {
            AtStage = (stage, path) =>
            {
                if (stage != RequestStage.Admitted || !reached.TrySetResult())
                    return Task.CompletedTask;
                return release.Task;
            },
        });

        var slow = PostCustomerAsync(sandbox, "key-1", "Ada");
        await reached.Task.WaitAsync(Sandbox.Stop);
        var (conflict, body) = await PostCustomerAsync(sandbox, "key-1", "Ada");
        release.SetResult();
        var (done, _) = await slow;
        var (again, _) = await PostCustomerAsync(sandbox, "key-1", "Ada");

        Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        Assert.Equal("idempotency_key_in_use", (string)body["error"]!["code"]!);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.True(again.Headers.Contains("Idempotent-Replayed"));
    }

    [Fact]
    public async Task A_lost_answer_is_found_again_under_its_key()
    {
        var lost = false;
        await using var sandbox = await Sandbox.StartAsync(options => options with
        {
            AtStage = (stage, path) =>
            {
                if (stage != RequestStage.Committed || lost)
                    return Task.CompletedTask;
                lost = true;
                throw new IOException("lost");
            },
        });

        await Assert.ThrowsAsync<HttpRequestException>(() => PostCustomerAsync(sandbox, "key-1", "Ada"));
        var (again, _) = await PostCustomerAsync(sandbox, "key-1", "Ada");

        Assert.True(again.Headers.Contains("Idempotent-Replayed"));
        Assert.Single((await sandbox.V1.Customers.ListAsync(cancellationToken: Sandbox.Stop)).Data);
    }

    [Fact]
    public async Task Executed_refusals_are_kept_under_their_key_and_invalid_requests_are_not()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.OnboardAsync();
        Task<Transfer> TransferAsync(string key, long amount) => sandbox.V1.Transfers.CreateAsync(
            new TransferCreateOptions { Amount = amount, Currency = "eur", Destination = account.Id },
            new RequestOptions { IdempotencyKey = key }, Sandbox.Stop);

        await Assert.ThrowsAsync<StripeException>(() => TransferAsync("empty", 100));
        await Assert.ThrowsAsync<StripeException>(() => TransferAsync("wrong", 0));
        await sandbox.FundAsync(1_000);
        var replayed = await Assert.ThrowsAsync<StripeException>(() => TransferAsync("empty", 100));
        var corrected = await TransferAsync("wrong", 100);

        Assert.Equal("balance_insufficient", replayed.StripeError.Code);
        Assert.Equal("true", replayed.StripeResponse.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(100, corrected.Amount);
    }

    [Fact]
    public async Task A_decline_is_replayed_too()
    {
        await using var sandbox = await Sandbox.StartAsync();
        Task<PaymentIntent> PayAsync() => sandbox.V1.PaymentIntents.CreateAsync(
            new PaymentIntentCreateOptions
            {
                Amount = 500,
                Currency = "eur",
                PaymentMethod = "pm_card_visa_chargeDeclined",
                Confirm = true,
            },
            new RequestOptions { IdempotencyKey = "charge:1" }, Sandbox.Stop);

        var first = await Assert.ThrowsAsync<StripeException>(PayAsync);
        var second = await Assert.ThrowsAsync<StripeException>(PayAsync);

        Assert.Equal(first.StripeError.Charge, second.StripeError.Charge);
        Assert.Single((await sandbox.V1.Charges.ListAsync(cancellationToken: Sandbox.Stop)).Data);
    }

    [Fact]
    public async Task A_key_that_cannot_stand_in_a_header_is_refused()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var handler = new SocketsHttpHandler
        {
            RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8,
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.Host.Url + "/v1/customers");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Sandbox.SecretKey}");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", "schlüssel");

        using var response = await client.SendAsync(request, Sandbox.Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Keys_are_forgotten_after_a_day_of_the_simulators_time()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await PostCustomerAsync(sandbox, "key-1", "Ada");

        await sandbox.AdvanceAsync(TimeSpan.FromHours(24));
        var (again, _) = await PostCustomerAsync(sandbox, "key-1", "Ada");

        Assert.False(again.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(2, (await sandbox.V1.Customers.ListAsync(cancellationToken: Sandbox.Stop)).Data.Count);
    }

    internal static Task<(HttpResponseMessage Response, JsonObject Body)> PostCustomerAsync(
        Sandbox sandbox, string key, string description) => sandbox.RawAsync(
            HttpMethod.Post, "/v1/customers", Sandbox.SecretKey, key, ("description", description));
}
