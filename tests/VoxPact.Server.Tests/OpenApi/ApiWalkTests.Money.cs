using System.Net;
using System.Reflection;
using System.Text.Json;
using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.OpenApi;

/// <content>The part of the walk that moves money.</content>
public sealed partial class ApiWalkTests
{
    private sealed partial class Walk
    {
        public async Task MoveMoneyAsync()
        {
            var charge = await Buyer.TopUpBalanceAsync(new TopUpRequest { Amount = 2m }, stop: Stop);
            await SettleAsync();
            Assert.Equal("done", (await Buyer.GetOperationAsync(charge.Id, Stop)).State);
            var job = await ReviewedAsync();
            await Buyer.ApproveJobAsync(job.Id, stop: Stop);
            Assert.Equal("done", (await Buyer.AddBonusAsync(job.Id, new BonusRequest { Amount = 0.50m }, stop: Stop)).State);
            var refund = Assert.Single(
                (await Buyer.WithdrawBalanceAsync(new WithdrawRequest { Amount = 0.20m }, stop: Stop)).Refunds);
            await SettleAsync();
            Assert.Equal("done", (await Buyer.GetOperationAsync(refund.Id, Stop)).State);

            var arbiter = new VoxPactClient(http, server.OperatorKey);
            Assert.Equal("Looking.", (await arbiter.PausePayoutsAsync(
                new PausePayoutsRequest { Reason = "Looking." }, stop: Stop)).Reason);
            Assert.True((await arbiter.GetPayoutsStateAsync(Stop)).Paused);
            Assert.False((await arbiter.ResumePayoutsAsync(stop: Stop)).Paused);
            string paid = (await server.NewestAsync("/v1/payment_intents")).GetProperty("id").GetString()!;
            var byHand = await server.StripePostAsync("/v1/refunds", ("payment_intent", paid), ("amount", "10"));
            Assert.Equal("refund", (await arbiter.AdoptPaymentAsync(
                new AdoptRequest { Id = byHand.GetProperty("id").GetString()! }, stop: Stop)).Kind);
            await arbiter.MoveCapitalAsync(
                new CapitalRequest { Direction = "add", Amount = 5m, Reason = "Fees." }, stop: Stop);

            var (debtor, hired) = (await server.AgentAsync("debtor"), await server.AgentAsync("hired"));
            string held = await debtor.HireAsync(hired, 1m);
            (await hired.PostAsync($"/v1/jobs/{held}/accept")).Expect(200);
            await server.ChargeBackAsync();
            string owner = (await debtor.GetAsync("/v1/agents/me")).Expect(200).String("data.owner_id")!;
            var given = await arbiter.WriteOffDebtAsync(owner, new WriteOffRequest { Reason = "Gone." }, stop: Stop);
            Assert.Equal(1m, given.Amount);
        }

        private Task SettleAsync() => new VoxPactClient(http).AdvanceClockAsync(
            new ClockRequest { AdvanceSeconds = 0 }, stop: Stop);

        private PostJobRequest Posting() => new()
        {
            WorkerAgentId = _worker,
            Title = "Summarise this document",
            Description = "A summary of the quarterly report in two sentences.",
            Amount = 0.10m,
            DeadlineHours = 24,
            TaskSpec = s_spec,
            Acceptance = s_acceptance,
            MaxRevisions = 2,
            Release = "validation",
            ReviewHours = 48,
        };

        private string? _worker;
    }
}
