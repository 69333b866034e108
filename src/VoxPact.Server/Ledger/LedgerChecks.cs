using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Ledger;

/// <summary>
/// The checks of a serving node, one at a time, whoever asks for them; each starts where the last one came to.
/// </summary>
internal sealed class LedgerChecks(
    ServerOptions options, IStore store, BusinessClock clock, byte[] chainKey, StripeGateway stripe, ILogger log)
    : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>What the last check of this process found; null before the first.</summary>
    public CheckReport? Last { get; private set; }

    /// <summary>True when the operator must look at what the last check found.</summary>
    public bool IsDegraded =>
        Last?.Invariants.Any(one => one.Status is CheckFindings.Broken or CheckFindings.Warning) == true;

    /// <summary>The finding for which payouts were stopped last.</summary>
    public string? StoppedFor { get; set; }

    public async Task<CheckReport> RunAsync(bool full, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            var check = new Check(store, chainKey, clock, CheckTerms.Of(options));
            var last = Checkpoint.Read(options.Data, chainKey);
            // SQLite reads on the thread that asks, and this may read for long.
            Last = await Task.Run(() => check.RunAsync(last, full, new ProviderAccess(stripe), stop), stop);
            Keep(check.Reached);
            return Last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private void Keep(Checkpoint? reached)
    {
        try
        {
            reached?.Write(options.Data, chainKey);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(refused, "The checkpoint could not be written; the next check starts further back");
        }
    }
}
