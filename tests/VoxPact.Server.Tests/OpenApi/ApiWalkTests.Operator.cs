using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.OpenApi;

/// <content>The part of the walk that only the operator can go.</content>
public sealed partial class ApiWalkTests
{
    private sealed partial class Walk
    {
        public async Task OperateAsync()
        {
            var (first, job) = (await ReviewedAsync(), await ReviewedAsync());
            foreach (var one in new[] { first, job })
                await Buyer.DisputeJobAsync(one.Id, new DisputeJobRequest { Reason = "Too long." }, stop: Stop);
            var operates = new VoxPactClient(http, server.OperatorKey);
            var queue = await operates.ListDisputesAsync(1, stop: Stop);
            Assert.Equal(first.Id, Assert.Single(queue.Data).JobId);
            Assert.Equal(job.Id, Assert.Single((await operates.ListDisputesAsync(1, queue.NextCursor, Stop)).Data).JobId);
            var page = await operates.ListOperatorActsAsync(1, stop: Stop);
            Assert.Single((await operates.ListOperatorActsAsync(1, page.NextCursor, Stop)).Data);
            Assert.Equal("disputed", (await operates.InspectJobAsync(job.Id, Stop)).Job.State);
            string worker = (await Worker.GetMeAsync(Stop)).AgentId;
            var why = new StandingRequest { Reason = "Spam." };
            Assert.Equal("suspended", (await operates.SuspendAgentAsync(worker, why, stop: Stop)).Status);
            Assert.Equal("Spam.", (await operates.InspectAgentAsync(worker, Stop)).Suspension!.Reason);
            await RefusedAsync("agent_suspended", () => Worker.ListJobsAsync(stop: Stop));
            Assert.Equal("active", (await operates.ReinstateAgentAsync(worker, why, stop: Stop)).Status);
            Assert.Equal(1, (await operates.GetOperatorTotalsAsync(Stop)).OpenDisputes - 1);
            string key = (await operates.RotateOperatorKeyAsync(stop: Stop)).ApiKey;
            await RefusedAsync("unknown_credential", () => operates.GetOperatorTotalsAsync(Stop));
            server.OperatorKey = key;
        }
    }
}
