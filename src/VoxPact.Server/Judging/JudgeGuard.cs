using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Judging;

/// <summary>
/// What stands between the panel and one model: a bound on calls at the same time, and a breaker that leaves a model
/// alone for a while when it fails again and again. It remembers how the last call went, for <c>/health</c>.
/// </summary>
internal sealed class JudgeGuard
{
    private const int WaitingCalls = 1_000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private Trouble? _trouble;

    public JudgeGuard(int concurrentCalls, TimeProvider time)
    {
        _time = time;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                StateProvider = _breaker,
                FailureRatio = 0.5,
                MinimumThroughput = 4,
                SamplingDuration = TimeSpan.FromSeconds(60),
                BreakDuration = Rest,
                ShouldHandle = static call => ValueTask.FromResult(call.Outcome.Exception is not null),
            })
            .AddConcurrencyLimiter(new ConcurrencyLimiterOptions
            {
                PermitLimit = concurrentCalls,
                QueueLimit = WaitingCalls,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            })
            .Build();
    }

    /// <summary>Since when a judge gives no answers, and why, in the panel's own words.</summary>
    public sealed record Trouble(DateTimeOffset Since, string Why);

    /// <summary>Null while the last call was answered.</summary>
    public Trouble? Now => Volatile.Read(ref _trouble);

    /// <summary>True while the model is left alone.</summary>
    public bool IsResting => _breaker.CircuitState is CircuitState.Open or CircuitState.Isolated;

    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel) =>
        _pipeline.ExecuteAsync(async stop => await call(stop), cancel).AsTask();

    public void Answered() => Volatile.Write(ref _trouble, null);

    public void Failed(string why) =>
        Volatile.Write(ref _trouble, new Trouble(Now?.Since ?? _time.GetUtcNow(), why));
}
