using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class EventTests
{
    [Fact]
    public async Task Events_arrive_signed_and_are_accepted_by_the_library()
    {
        await using var listener = await Listener.StartAsync();
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { WebhookUrl = listener.Url });
        var (customer, card) = await sandbox.SaveCardAsync();

        var intent = await CardTests.ChargeAsync(sandbox, customer.Id, card, 1_000);
        var received = await listener.ReadUntilAsync("payment_intent.succeeded");

        var succeeded = received.Single(happened => happened.Type == "payment_intent.succeeded");
        Assert.Equal(intent.Id, ((PaymentIntent)succeeded.Data.Object).Id);
        Assert.Equal("charge:top_1", ((PaymentIntent)succeeded.Data.Object).Metadata["op"]);
        var listed = await sandbox.V1.Events.ListAsync(cancellationToken: Sandbox.Stop);
        Assert.Equal(
            [
                "payment_intent.succeeded", "charge.succeeded", "payment_intent.created",
                "setup_intent.succeeded", "payment_method.attached", "setup_intent.created",
                "customer.created",
            ],
            listed.Data.Select(happened => happened.Type));
        var again = await sandbox.V1.Events.GetAsync(succeeded.Id, cancellationToken: Sandbox.Stop);
        Assert.Equal("payment_intent.succeeded", again.Type);
    }

    [Fact]
    public async Task An_event_is_sent_again_until_it_is_answered_with_success()
    {
        await using var listener = await Listener.StartAsync(failures: 2);
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { WebhookUrl = listener.Url });

        var customer = await sandbox.V1.Customers.CreateAsync(
            new CustomerCreateOptions(), cancellationToken: Sandbox.Stop);
        var received = await listener.ReadUntilAsync("customer.created");

        Assert.Equal(3, listener.Attempts);
        Assert.Equal(customer.Id, ((Customer)received[^1].Data.Object).Id);
    }

    [Fact]
    public async Task Events_wait_for_a_webhook_that_is_named_later_even_over_a_restart()
    {
        await using var listener = await Listener.StartAsync();
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.V1.Customers.CreateAsync(new CustomerCreateOptions(), cancellationToken: Sandbox.Stop);
        await sandbox.RestartAsync();

        await sandbox.ControlAsync("webhook", new { url = listener.Url });
        var received = await listener.ReadUntilAsync("customer.created");

        Assert.Single(received);
    }

    [Fact]
    public async Task A_delivered_event_can_be_sent_again()
    {
        await using var listener = await Listener.StartAsync();
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { WebhookUrl = listener.Url });
        await sandbox.V1.Customers.CreateAsync(new CustomerCreateOptions(), cancellationToken: Sandbox.Stop);
        var first = await listener.ReadUntilAsync("customer.created");

        await sandbox.ControlAsync($"events/{first[0].Id}/resend", new { });
        var second = await listener.ReadUntilAsync("customer.created");

        Assert.Equal(first[0].Id, second[0].Id);
    }

    [Fact]
    public async Task Events_can_be_dropped_until_somebody_asks_for_them()
    {
        await using var listener = await Listener.StartAsync();
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { WebhookUrl = listener.Url });
        await sandbox.ControlAsync("faults", new { event_drop = 1_000 });
        await sandbox.V1.Customers.CreateAsync(new CustomerCreateOptions(), cancellationToken: Sandbox.Stop);
        await sandbox.ControlAsync("faults", new { });
        await sandbox.OnboardAsync();

        var first = await listener.ReadUntilAsync("account.updated");
        var missed = (await sandbox.V1.Events.ListAsync(
            new EventListOptions { DeliverySuccess = false }, cancellationToken: Sandbox.Stop)).Data;
        await sandbox.ControlAsync($"events/{missed[^1].Id}/resend", new { });

        Assert.DoesNotContain("customer.created", first.Select(happened => happened.Type));
        Assert.Equal("customer.created", missed[^1].Type);
        await listener.ReadUntilAsync("customer.created");
    }

    [Fact]
    public async Task Events_can_come_twice()
    {
        await using var listener = await Listener.StartAsync();
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { WebhookUrl = listener.Url });
        await sandbox.ControlAsync("faults", new { event_duplicate = 1_000 });

        await sandbox.V1.Customers.CreateAsync(new CustomerCreateOptions(), cancellationToken: Sandbox.Stop);
        var first = await listener.ReadUntilAsync("customer.created");
        var second = await listener.ReadUntilAsync("customer.created");

        Assert.Equal(first[^1].Id, second[^1].Id);
    }

    [Fact]
    public async Task Events_can_be_overtaken_by_younger_ones()
    {
        await using var listener = await Listener.StartAsync();
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { WebhookUrl = listener.Url });
        await sandbox.ControlAsync("faults", new { event_delay = 1_000, delay_ms = 1_000 });
        await sandbox.V1.Customers.CreateAsync(new CustomerCreateOptions(), cancellationToken: Sandbox.Stop);
        await sandbox.ControlAsync("faults", new { });

        await sandbox.OnboardAsync();
        var received = await listener.ReadUntilAsync("customer.created");

        Assert.Equal(["account.updated", "customer.created"], received.Select(happened => happened.Type));
    }

    [Fact]
    public async Task Each_step_of_the_money_tells_its_event()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.OnboardAsync();
        await sandbox.FundAsync(1_000);
        var transfer = await MoneyTests.TransferAsync(sandbox, account.Id, 1_000);
        await sandbox.V1.Transfers.Reversals.CreateAsync(transfer.Id, cancellationToken: Sandbox.Stop);
        var (customer, card) = await sandbox.SaveCardAsync("pm_card_chargeCustomerFail");
        await Assert.ThrowsAsync<StripeException>(
            () => CardTests.ChargeAsync(sandbox, customer.Id, card, 500));
        await PageTests.OpenAsync(sandbox, null);
        await sandbox.AdvanceAsync(TimeSpan.FromDays(1));

        var listed = await sandbox.V1.Events.ListAsync(
            new EventListOptions
            {
                Types =
                [
                    "account.updated", "transfer.created", "transfer.reversed", "charge.failed",
                    "payment_intent.payment_failed", "checkout.session.expired",
                ],
            },
            cancellationToken: Sandbox.Stop);

        Assert.Equal(
            [
                "checkout.session.expired", "payment_intent.payment_failed", "charge.failed",
                "transfer.reversed", "transfer.created", "account.updated",
            ],
            listed.Data.Select(happened => happened.Type));
        Assert.Equal(account.Id, listed.Data[^1].Account);
    }

    /// <summary>A webhook on a real socket, which verifies each delivery as the product would.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly Channel<Event> _received = Channel.CreateUnbounded<Event>();
        private readonly ConcurrentQueue<Exception> _broken = new();
        private readonly WebApplication _app;
        private int _attempts;

        private Listener(WebApplication app) => _app = app;

        public string Url => _app.Urls.First() + "/hook";

        public int Attempts => _attempts;

        public static async Task<Listener> StartAsync(int failures = 0)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            builder.Services.AddRoutingCore();
            var app = builder.Build();
            var listener = new Listener(app);
            app.MapPost("/hook", (RequestDelegate)(http => listener.ReceiveAsync(http, failures)));
            await app.StartAsync(Sandbox.Stop);
            return listener;
        }

        public async Task<List<Event>> ReadUntilAsync(string type)
        {
            var received = new List<Event>();
            await foreach (var happened in _received.Reader.ReadAllAsync(Sandbox.Stop))
            {
                received.Add(happened);
                if (happened.Type == type)
                    break;
            }
            Assert.Empty(_broken);
            return received;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task ReceiveAsync(HttpContext http, int failures)
        {
            var attempt = Interlocked.Increment(ref _attempts);
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync(http.RequestAborted);
            if (attempt <= failures)
            {
                http.Response.StatusCode = (int)HttpStatusCode.InternalServerError;
                return;
            }
            try
            {
                var happened = EventUtility.ConstructEvent(
                    body, http.Request.Headers["Stripe-Signature"], Sandbox.WebhookSecret);
                await _received.Writer.WriteAsync(happened);
            }
            catch (Exception broken)
            {
                _broken.Enqueue(broken);
                _received.Writer.TryComplete(broken);
            }
        }
    }
}
