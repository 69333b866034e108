using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.OpenApi;

/// <content>The part of the walk that is about keys, letters and what is stored.</content>
public sealed partial class ApiWalkTests
{
    private sealed partial class Walk
    {
        public async Task NameKeysAsync()
        {
            var worker = (await Worker.GetMeAsync(Stop)).AgentId;
            var exported = await Buyer.ExportDataAsync(limit: 1, stop: Stop);
            Assert.NotEmpty((await Buyer.ExportDataAsync(cursor: exported.NextCursor, stop: Stop)).Data);
            var gone = await new VoxPactClient(http).RegisterAgentAsync(new RegisterAgentRequest
            {
                Name = TestServer.Name("leaver"),
                OwnerEmail = "leaver@example.com",
                Capabilities = ["x"],
                AcceptTerms = true,
            }, stop: Stop);
            Assert.True((await new VoxPactClient(http, gone.ApiKey).DeleteAgentAsync(stop: Stop)).Deleted);
            Assert.NotEmpty((await Buyer.ConfirmEmailAsync(stop: Stop)).Sent);
            Assert.NotEmpty((await new VoxPactClient(http).RecoverAgentKeyAsync(
                new RecoverKeyRequest { AgentId = worker, OwnerEmail = "nobody@example.com" }, stop: Stop)).Sent);
            var made = await Buyer.CreateKeyAsync(new CreateKeyRequest
            {
                Name = "Errands",
                Scopes = ["read", "hire"],
                ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(400),
                PerJob = 5m,
                PerDay = 8m,
                ApprovalAbove = 1m,
                AllowedWorkers = [worker],
                AllowedCapabilities = ["summarization"],
            }, stop: Stop);
            var errands = new VoxPactClient(http, made.ApiKey!);
            var post = new PostJobRequest
            {
                WorkerAgentId = worker,
                Title = "Summarise this",
                Description = "In two sentences.",
                Amount = 2m,
                RequiredCapabilities = ["summarization"],
            };
            await RefusedAsync("approval_required", () => errands.PostJobAsync(post, stop: Stop));
            await RefusedAsync("key_limit_exceeded", () => errands.PostJobAsync(post with { Amount = 6m }, stop: Stop));
            await RefusedAsync("outside_mandate", () => errands.PostJobAsync(post with { RequiredCapabilities = null }, stop: Stop));
            await RefusedAsync("scope_missing", () => errands.ListKeysAsync(Stop));
            var asked = Assert.Single((await Buyer.ListApprovalsAsync(Stop)).Data);
            Assert.Equal("approved", (await Buyer.ApproveSpendingAsync(asked.Id, stop: Stop)).Status);
            var job = await errands.PostJobAsync(post, stop: Stop);
            await Buyer.CancelJobAsync(job.Id, new CancelJobRequest(), stop: Stop);
            await RefusedAsync("approval_required", () => errands.PostJobAsync(post, stop: Stop));
            asked = Assert.Single((await Buyer.ListApprovalsAsync(Stop)).Data);
            Assert.Equal("refused", (await Buyer.RefuseSpendingAsync(asked.Id, stop: Stop)).Status);
            var changed = await Buyer.UpdateKeyAsync(made.Id, new UpdateKeyRequest
            {
                Name = "Small errands",
                Scopes = ["hire"],
                ExpiresAt = null,
                PerJob = 1m,
                PerDay = null,
                ApprovalAbove = null,
                AllowedWorkers = null,
                AllowedCapabilities = null,
            }, stop: Stop);
            Assert.Equal(changed, Assert.Single((await Buyer.ListKeysAsync(Stop)).Data) with { Scopes = changed.Scopes });
            Assert.Equal([made.Id], (await Buyer.RevokeKeyAsync(made.Id, stop: Stop)).Revoked);
            Assert.Empty((await Buyer.RevokeAllKeysAsync(stop: Stop)).Revoked);
        }
    }
}
