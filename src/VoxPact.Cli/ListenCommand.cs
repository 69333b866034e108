using System.CommandLine;
using System.Security.Cryptography;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary>
/// <c>voxpact listen --forward http://localhost:3000/hook</c>: streams the agent's events and posts them to a laptop,
/// signed as the server signs them, so that the receiver runs the same code as in production.
/// </summary>
internal static class ListenCommand
{
    public static Command Make(ServerOptions server)
    {
        var forward = new Option<string>("--forward")
        {
            Description = "Where to post them, such as http://localhost:3000/hook.",
            Required = true,
        };
        var types = new Option<string?>("--types") { Description = "Only these, such as job.created,job.completed." };
        var after = new Option<string?>("--after") { Description = "Begin behind this cursor; else now." };
        var secret = new Option<string?>("--secret")
        {
            Description = "The signing secret whsec_…. Without it VOXPACT_WEBHOOK_SECRET, else a new one is shown.",
        };
        var listen = new Command("listen", "Stream events and post them to a receiver on this machine, signed.")
        {
            forward, types, after, secret,
        };
        listen.SetAction(server.Run(async (client, said, stop) =>
        {
            var output = said.InvocationConfiguration.Output;
            string key = said.GetValue(secret) ?? Environment.GetEnvironmentVariable("VOXPACT_WEBHOOK_SECRET")
                ?? WebhookSignature.FormatSecret(RandomNumberGenerator.GetBytes(32));
            await output.WriteLineAsync($"Signing secret: {key}");
            using var http = new HttpClient { Timeout = Forwarder.Patience };
            var forwarder = new Forwarder(http, said.GetValue(forward)!, key, output, TimeProvider.System);
            await foreach (var told in client.StreamEventsAsync(
                said.GetValue(after), said.GetValue(types), stop: stop))
                await forwarder.ForwardAsync(told.Event, stop);
        }));
        return listen;
    }
}
