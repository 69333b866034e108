using VoxPact.CrashTests;

if (BatteryOptions.Read(args) is not { } options)
{
    Console.Error.WriteLine(BatteryOptions.Usage);
    return 2;
}
// Ended from outside, the battery still ends what it has started.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stop.Cancel();
};
using var terminate = System.Runtime.InteropServices.PosixSignalRegistration.Create(
    System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
    {
        signal.Cancel = true;
        stop.Cancel();
    });
BatteryResult result;
try
{
    result = await Battery.RunAsync(options, stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("Stopped from outside; nothing was compared.");
    return 130;
}
foreach (string finding in result.Findings.Take(40)) Console.WriteLine("  " + finding);
if (result.Findings.Count > 40) Console.WriteLine($"  … and {result.Findings.Count - 40} more");
Console.WriteLine(result.Line);
return result.Passed ? 0 : 1;
