using System.Text.Json;
using Microsoft.Extensions.Logging;
using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Ledger;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>Checks that start where the last one came to, and the server's own.</summary>
public sealed class CheckpointTests
{
    private const string LiftFees = "update entries set amount_minor = amount_minor + 1 where leg = 1 and batch ";

    [Theory, ClassData<Databases>]
    public async Task Only_what_was_committed_since_is_read_and_it_is_held_to_the_same_laws(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await worker.OnboardAsync();
        for (int i = 0; i < 3; i++) await worker.WorkAsync(await buyer.HireAsync(worker));
        string waiting = await buyer.HireAsync(worker);
        await server.SettleAsync();
        var first = await CheckAsync(server, "new");
        Assert.True(first is { IsFull: true, Passed: true }, Show(first));
        Assert.Equal(4, first.Counts.Jobs);
        long seen = await Tampering.ScalarAsync(server, "select max(batch) from entries");

        await worker.WorkAsync(await buyer.HireAsync(worker));
        (await buyer.PostAsync($"/v1/jobs/{waiting}/cancel")).Expect(200);
        await server.SettleAsync();
        var second = await CheckAsync(server, "new");
        Assert.True(second is { IsFull: false, Passed: true, Complete: true }, Show(second));
        Assert.Equal(2, second.Counts.Jobs);
        Assert.InRange(second.Counts.Entries, 4, 6);
        Assert.Equal(first.FullCheckAt, second.FullCheckAt);
        var full = await CheckAsync(server, "full");
        Assert.Equal(full.Totals, second.Totals);
        Assert.Equal(5, full.Counts.Jobs);

        // What lies before the checkpoint is seen only when everything is read; what lies behind it at once.
        await Tampering.RunAsync(server, LiftFees + $"<= {seen}");
        Assert.True((await CheckAsync(server, "new")).Passed);
        Assert.False((await CheckAsync(server, "full")).Passed);
        await Tampering.RunAsync(server, LiftFees.Replace("+", "-") + $"<= {seen}");
        await worker.WorkAsync(await buyer.HireAsync(worker));
        Assert.True(await Tampering.RunAsync(server,
            LiftFees + "= (select max(batch) from entries where leg = 1)") > 0);
        var third = await CheckAsync(server, "new");
        Assert.False(third.IsFull);
        Assert.Equal(["I1", "I2", "chain"], BrokenOf(third));
        // A finding stays until it is mended: the checkpoint has not moved.
        Assert.Equal(["I1", "I2", "chain"], BrokenOf(await CheckAsync(server, "new")));
    }

    [Theory, ClassData<Databases>]
    public async Task A_database_that_lacks_what_the_last_check_saw_is_told_until_that_is_said_to_be_right(
        string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await server.AgentAsync("buyer");
        // Commits of their own that wrote neither entry nor fact, so that nothing else is amiss without them.
        for (int i = 0; i < 3; i++) await server.SettleAsync();
        Assert.True((await CheckAsync(server, "new")).Passed);
        await server.StopAsync();
        var heads = Checkpoint.Read(server.Options.Data, server.Deployment.ChainKey)!.Heads;
        long newest = heads.Max(head => CommitChain.IdOf(head.Key, head.Value.Sequence));
        Assert.True(await Tampering.RunAsync(server, $"delete from batches where id >= {newest}") > 0);
        foreach (bool full in new[] { false, true })
        {
            var (code, text) = await VerbAsync(server.Options, new(Offline: true, Full: full));
            Assert.Equal(1, code);
            Assert.Contains("The last check saw it, and it is not there", text);
        }
        Assert.Equal(0, (await VerbAsync(server.Options, new(Offline: true, Restored: true))).Code);
        Assert.Equal(0, (await VerbAsync(server.Options, new(Offline: true))).Code);
    }

    [Theory, ClassData<Databases>]
    public async Task A_checkpoint_that_somebody_wrote_by_hand_is_not_believed(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await server.AgentAsync("buyer");
        Assert.True((await CheckAsync(server, "new")).IsFull);
        Assert.False((await CheckAsync(server, "new")).IsFull);
        string file = Checkpoint.FileIn(server.Options.Data);
        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        for (int at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 1;
            await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
            Assert.Null(Checkpoint.Read(server.Options.Data, server.Deployment.ChainKey));
            bytes[at] ^= 1;
        }
        await File.WriteAllBytesAsync(file, bytes[..10], TestContext.Current.CancellationToken);
        Assert.True((await CheckAsync(server, "new")).IsFull);
    }

    [Theory, ClassData<Databases>]
    public async Task The_server_checks_by_itself_and_says_degraded_without_saying_why(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await worker.WorkAsync(await buyer.HireAsync(worker));
        Assert.Equal("ok", (await server.GetAsync("/health")).String("data.status"));
        await Tampering.RunAsync(server, "update owners set earnings_minor = earnings_minor + 5");

        var time = new HandTimer();
        var log = new FirstError();
        using var watch = new WatchLedger(server.Deployment with { Time = time }, log);
        await watch.StartAsync(TestContext.Current.CancellationToken);
        time.Ring();
        Assert.Contains("I6 (no owner's balance is negative", await log.Told);
        await watch.StopAsync(TestContext.Current.CancellationToken);

        var health = (await server.GetAsync("/health")).Expect(200);
        Assert.Equal("degraded", health.String("data.status"));
        Assert.DoesNotContain("I6", health.Text);
        Assert.DoesNotContain("balance", health.Text);
        Assert.Equal(["I6"], BrokenOf(await CheckAsync(server, "last")));
        await Tampering.RunAsync(server, "update owners set earnings_minor = earnings_minor - 5");
        Assert.True((await CheckAsync(server, "new")).Passed);
        Assert.Equal("ok", (await server.GetAsync("/health")).String("data.status"));
        (await server.GetAsync("/v1/operator/check?scope=old", server.OperatorKey)).Expect(400, "validation_failed");
    }

    private static IEnumerable<string> BrokenOf(CheckReport report) =>
        report.Invariants.Where(one => one.Status == "broken").Select(one => one.Id);

    private static string Show(CheckReport report) =>
        string.Join(' ', report.Invariants.SelectMany(one => one.First));

    private static async Task<CheckReport> CheckAsync(TestServer server, string scope) =>
        (await server.GetAsync($"/v1/operator/check?scope={scope}", server.OperatorKey)).Expect(200).Data
        .Deserialize(VoxPactJson.Default.CheckReport)!;

    private static async Task<(int Code, string Text)> VerbAsync(ServerOptions options, CheckVerb.Wish wish)
    {
        var text = new StringWriter();
        int code = await CheckVerb.RunAsync(options, wish, text, TestContext.Current.CancellationToken);
        return (code, text.ToString());
    }

    /// <summary>A clock whose one timer rings when it is told to.</summary>
    private sealed class HandTimer : TimeProvider, ITimer
    {
        private readonly TaskCompletionSource<Action> _made = new();

        public void Ring() => _made.Task.Result();

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _made.SetResult(() => callback(state));
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class FirstError : ILogger<WatchLedger>
    {
        private readonly TaskCompletionSource<string> _told = new();

        public Task<string> Told => _told.Task.WaitAsync(TimeSpan.FromSeconds(60));

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => true;

        public void Log<TState>(
            LogLevel level, EventId id, TState state, Exception? thrown, Func<TState, Exception?, string> format)
        {
            if (level is LogLevel.Error) _told.TrySetResult(format(state, thrown));
        }
    }
}
