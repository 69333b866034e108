using System.Net;
using System.Text.Json.Nodes;
using Stripe;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

/// <summary>Each fault of the plan, seen by a client: what it is told, and what was really done.</summary>
public sealed class MisbehaviourTests
{
    [Theory]
    [InlineData("reset", 0)]
    [InlineData("lost", 1)]
    public async Task A_cut_connection_does_not_tell_whether_anything_was_done(string fault, int done)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await NextAsync(sandbox, fault);

        await Assert.ThrowsAsync<HttpRequestException>(() => CustomerAsync(sandbox, "key-1"));

        Assert.Equal(done, await CountAsync(sandbox));
        await CustomerAsync(sandbox, "key-1");
        Assert.Equal(1, await CountAsync(sandbox));
    }

    [Theory]
    [InlineData("error", true, 0)]
    [InlineData("error", false, 0)]
    [InlineData("error_executed", true, 1)]
    [InlineData("error_executed", false, 1)]
    public async Task A_500_is_kept_under_its_key_unless_the_plan_says_otherwise(string fault, bool keeps, int done)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.ControlAsync("faults", new { keep_errors = keeps });
        await NextAsync(sandbox, fault);

        var failed = await Assert.ThrowsAsync<StripeException>(() => CustomerAsync(sandbox, "key-1"));

        Assert.Equal(HttpStatusCode.InternalServerError, failed.HttpStatusCode);
        Assert.Equal(done, await CountAsync(sandbox));
        if (keeps)
        {
            var again = await Assert.ThrowsAsync<StripeException>(() => CustomerAsync(sandbox, "key-1"));
            Assert.Equal(HttpStatusCode.InternalServerError, again.HttpStatusCode);
            Assert.Equal(done, await CountAsync(sandbox));
        }
        else
        {
            await CustomerAsync(sandbox, "key-1");
            Assert.Equal(1, await CountAsync(sandbox));
        }
    }

    [Fact]
    public async Task A_500_without_a_key_can_hide_what_was_done()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await NextAsync(sandbox, "error_executed");
        await NextAsync(sandbox, "error");

        await Assert.ThrowsAsync<StripeException>(() => CustomerAsync(sandbox, null));
        await Assert.ThrowsAsync<StripeException>(() => CustomerAsync(sandbox, null));

        Assert.Equal(1, await CountAsync(sandbox));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_500_can_be_done_minutes_later_and_once(bool keeps)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.FundAsync(1_000);
        var account = await sandbox.OnboardAsync();
        await sandbox.ControlAsync("faults", new { keep_errors = keeps, late_seconds = 300 });
        await NextAsync(sandbox, "late");

        await Assert.ThrowsAsync<StripeException>(() => TransferAsync(sandbox, account.Id));
        await sandbox.AdvanceAsync(TimeSpan.FromSeconds(290));
        Assert.Empty((await sandbox.V1.Transfers.ListAsync(cancellationToken: Sandbox.Stop)).Data);
        var between = await Assert.ThrowsAsync<StripeException>(() => TransferAsync(sandbox, account.Id));
        await sandbox.AdvanceAsync(TimeSpan.FromSeconds(15));
        await sandbox.AdvanceAsync(TimeSpan.FromSeconds(300));

        Assert.Equal(keeps ? HttpStatusCode.InternalServerError : HttpStatusCode.Conflict, between.HttpStatusCode);
        var late = Assert.Single((await sandbox.V1.Transfers.ListAsync(cancellationToken: Sandbox.Stop)).Data);
        Assert.Equal(("transfer:1", 400), (late.Metadata["op"], late.Amount));
        if (!keeps) Assert.Equal(late.Id, (await TransferAsync(sandbox, account.Id)).Id);
    }

    [Fact]
    public async Task A_late_request_that_is_refused_by_then_does_nothing()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.FundAsync(1_000);
        var account = await sandbox.OnboardAsync();
        await sandbox.ControlAsync("faults", new { keep_errors = false, late_seconds = 60 });
        await NextAsync(sandbox, "late");
        await Assert.ThrowsAsync<StripeException>(() => TransferAsync(sandbox, account.Id));

        await sandbox.FundAsync(-900);
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));

        var kept = await Assert.ThrowsAsync<StripeException>(() => TransferAsync(sandbox, account.Id));
        Assert.Equal("balance_insufficient", kept.StripeError.Code);
        Assert.Empty((await sandbox.V1.Transfers.ListAsync(cancellationToken: Sandbox.Stop)).Data);
    }

    [Theory]
    [InlineData("busy", HttpStatusCode.Conflict, "idempotency_key_in_use")]
    [InlineData("limited", HttpStatusCode.TooManyRequests, "rate_limit")]
    public async Task A_refusal_for_now_does_nothing_and_keeps_nothing(
        string fault, HttpStatusCode status, string code)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await NextAsync(sandbox, fault);

        var refused = await Assert.ThrowsAsync<StripeException>(() => CustomerAsync(sandbox, "key-1"));

        Assert.Equal((status, code), (refused.HttpStatusCode, refused.StripeError.Code));
        Assert.Equal(0, await CountAsync(sandbox));
        await CustomerAsync(sandbox, "key-1");
    }

    [Fact]
    public async Task A_slow_answer_comes_after_its_pause()
    {
        var time = new HeldTime();
        await using var sandbox = await Sandbox.StartAsync(options => options with { Time = time });
        await sandbox.ControlAsync("faults", new { slow_ms = (int)HeldTime.Pause.TotalMilliseconds });
        await NextAsync(sandbox, "slow");

        var answer = CustomerAsync(sandbox, "key-1");
        await time.Asked;
        Assert.Equal(1, await CountAsync(sandbox));
        Assert.False(answer.IsCompleted);
        time.Release();

        await answer;
    }

    [Fact]
    public async Task What_is_held_on_its_way_arrives_before_time_moves()
    {
        var time = new HeldTime();
        await using var sandbox = await Sandbox.StartAsync(options => options with { Time = time });
        await sandbox.ControlAsync("faults", new { slow_ms = (int)HeldTime.Pause.TotalMilliseconds });
        await NextAsync(sandbox, "held");

        var answer = CustomerAsync(sandbox, "key-1");
        await time.Asked;
        Assert.Equal(0, await CountAsync(sandbox));
        await sandbox.ControlAsync("clock", new { advance_seconds = 25 * 3600 });

        var customer = await answer;
        Assert.Equal(1, await CountAsync(sandbox));
        Assert.InRange(customer.Created, DateTime.UnixEpoch, time.GetUtcNow().UtcDateTime.AddHours(1));
    }

    [Fact]
    public async Task Charges_decline_as_the_plan_says_with_documented_codes()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync();
        await sandbox.ControlAsync("faults", new { seed = 7, decline = 1_000 });

        var first = await Assert.ThrowsAsync<StripeException>(
            () => CardTests.ChargeAsync(sandbox, customer.Id, card, 500, "key-1"));
        var again = await Assert.ThrowsAsync<StripeException>(
            () => CardTests.ChargeAsync(sandbox, customer.Id, card, 500, "key-2"));
        await sandbox.ControlAsync("faults", new { seed = 7, decline = 1_000 });
        var same = await Assert.ThrowsAsync<StripeException>(
            () => CardTests.ChargeAsync(sandbox, customer.Id, card, 500, "key-3"));

        Assert.Equal("card_error", first.StripeError.Type);
        Assert.Equal(first.StripeError.DeclineCode, same.StripeError.DeclineCode);
        Assert.NotEqual(first.StripeError.DeclineCode, again.StripeError.DeclineCode);
    }

    [Fact]
    public async Task A_plan_can_dispute_charges_and_fail_refunds()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync();
        await sandbox.ControlAsync("faults", new { dispute = 1_000, refund_fails = 1_000, dispute_seconds = 7_200 });
        var charge = await CardTests.ChargeAsync(sandbox, customer.Id, card, 500);
        var refund = await sandbox.V1.Refunds.CreateAsync(
            new RefundCreateOptions { PaymentIntent = charge.Id, Amount = 100 }, cancellationToken: Sandbox.Stop);

        await sandbox.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal(
            "failed", (await sandbox.V1.Refunds.GetAsync(refund.Id, cancellationToken: Sandbox.Stop)).Status);
        var dispute = Assert.Single((await sandbox.V1.Disputes.ListAsync(cancellationToken: Sandbox.Stop)).Data);
        Assert.Equal((charge.Id, 500), (dispute.PaymentIntentId, dispute.Amount));
    }

    [Fact]
    public async Task A_plan_counts_what_happened_and_an_empty_one_ends_it()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.ControlAsync("faults", new { seed = 1, limited = 1_000, path = "/v1/customers" });

        await Assert.ThrowsAsync<StripeException>(() => CustomerAsync(sandbox, "key-1"));
        await sandbox.V1.Transfers.ListAsync(cancellationToken: Sandbox.Stop);
        var shown = await sandbox.ControlAsync("faults", new { });

        Assert.Equal(1, (int)shown["happened"]!["limited"]!);
        Assert.Empty(shown["per_mille"]!.AsObject());
        await CustomerAsync(sandbox, "key-1");
    }

    [Theory]
    [InlineData("""{"lost": 600, "reset": 401}""", "add up")]
    [InlineData("""{"lost": 1001}""", "lost must be")]
    [InlineData("""{"explode": 1}""", "explode")]
    public async Task An_impossible_plan_is_refused(string plan, string says)
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{sandbox.Host.Url}/_control/faults");
        request.Headers.Authorization = new("Bearer", Sandbox.SecretKey);
        request.Content = new StringContent(plan, null, "application/json");

        using var response = await sandbox.Browser.SendAsync(request, Sandbox.Stop);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Sandbox.Stop))!;
        Assert.Contains(says, (string)body["error"]!["message"]!, StringComparison.Ordinal);
    }

    private static Task NextAsync(Sandbox sandbox, string fault)
        => sandbox.ControlAsync("faults/next", new { fault, method = "POST" });

    private static Task<Customer> CustomerAsync(Sandbox sandbox, string? key) => sandbox.V1.Customers.CreateAsync(
        new CustomerCreateOptions { Name = "Ada" }, new RequestOptions { IdempotencyKey = key }, Sandbox.Stop);

    private static async Task<int> CountAsync(Sandbox sandbox)
        => (await sandbox.V1.Customers.ListAsync(cancellationToken: Sandbox.Stop)).Data.Count;

    private static Task<Transfer> TransferAsync(Sandbox sandbox, string account) => sandbox.V1.Transfers.CreateAsync(
        new TransferCreateOptions
        {
            Amount = 400,
            Currency = "eur",
            Destination = account,
            Metadata = new() { ["op"] = "transfer:1" },
        },
        new RequestOptions { IdempotencyKey = "transfer:1" }, Sandbox.Stop);

    /// <summary>Real time, but one long timer fires only when the test says so.</summary>
    private sealed class HeldTime : TimeProvider
    {
        public static readonly TimeSpan Pause = TimeSpan.FromSeconds(100);

        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action _fire = () => { };

        /// <summary>Completes when somebody waits for that timer.</summary>
        public Task Asked => _asked.Task.WaitAsync(Sandbox.Stop);

        public void Release() => _fire();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Pause)
            {
                _fire = () => callback(state);
                _asked.TrySetResult();
                dueTime = Timeout.InfiniteTimeSpan;
            }
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
