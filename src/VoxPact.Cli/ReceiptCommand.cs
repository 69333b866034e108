using System.CommandLine;
using System.Text.Json;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary><c>voxpact receipt get JOB</c>, <c>receipt keys</c> and <c>receipt verify FILE</c>.</summary>
internal static class ReceiptCommand
{
    public static Command Make(ServerOptions server) =>
        new("receipt", "Signed receipts of jobs that are over.") { Get(server), Keys(server), Verify(server) };

    private static Command Get(ServerOptions server)
    {
        var job = new Argument<string>("job") { Description = "job_…" };
        var get = new Command("get", "Print the receipt of a job; keep it in a file.") { job };
        get.SetAction(server.Run(async (client, said, stop) => ServerOptions.Print(
            said, await client.GetReceiptAsync(said.GetValue(job)!, stop), VoxPactJson.Wire.SignedReceipt)));
        return get;
    }

    private static Command Keys(ServerOptions server)
    {
        var keys = new Command("keys", "Print the server's public keys; keep them for verifying without it.");
        keys.SetAction(server.Run(async (client, said, stop) => ServerOptions.Print(
            said, await client.GetReceiptKeysAsync(stop), VoxPactJson.Wire.ReceiptKeys)));
        return keys;
    }

    private static Command Verify(ServerOptions server)
    {
        var file = new Argument<FileInfo>("file") { Description = "The receipt, as the server answered it." };
        file.AcceptExistingOnly();
        var keys = new Option<FileInfo>("--keys")
        {
            Description = "The server's keys in a file: then nobody is asked. Without it the server at --url is.",
        };
        keys.AcceptExistingOnly();
        var verify = new Command("verify", "Check that a receipt is genuine. 0: it is; 1: it is not.") { file, keys };
        verify.SetAction(server.Run(async (client, said, stop) =>
        {
            var known = said.GetValue(keys) is { } kept
                ? Read(await File.ReadAllBytesAsync(kept.FullName, stop))
                : await client.GetReceiptKeysAsync(stop);
            var receipt = ReceiptSignature.Verify(
                await File.ReadAllBytesAsync(said.GetValue(file)!.FullName, stop), known);
            await said.InvocationConfiguration.Output.WriteLineAsync(
                $"Genuine: {receipt.JobId} was {receipt.State} ({receipt.ClosedReason}) at {receipt.CompletedAt:u}, "
                + $"{receipt.AmountMinor} minor units of {receipt.Currency}, {receipt.Mode} mode, says "
                + $"{receipt.Issuer}.");
        }));
        return verify;
    }

    private static ReceiptKeys Read(byte[] file)
    {
        try
        {
            if (JsonSerializer.Deserialize(file, VoxPactJson.Default.ReceiptKeys) is { } keys) return keys;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new VoxPactException(
            new Problem { Error = "The file of keys is none; voxpact receipt keys prints one." });
    }
}
