using System.CommandLine;
using System.CommandLine.Parsing;
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
            Validators = { CheckForward },
        };
        var types = new Option<string?>("--types") { Description = "Only these, such as job.created,job.completed." };
        var after = new Option<string?>("--after") { Description = "Begin behind this cursor; else now." };
        var secret = new Option<string?>("--secret")
        {
            Description = "The signing secret whsec_…. Without it VOXPACT_WEBHOOK_SECRET, else a new one is shown.",
            Validators = { CheckSecret },
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
            // A redirect is a failure, as it is to the server.
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
            {
                Timeout = Forwarder.Patience,
            };
            var forwarder = new Forwarder(http, said.GetValue(forward)!, key, output, TimeProvider.System);
            await foreach (var told in client.StreamEventsAsync(
                said.GetValue(after), said.GetValue(types), stop: stop))
                await forwarder.ForwardAsync(told.Event, stop);
        }));
        return listen;
    }

    private static void CheckForward(OptionResult forward)
    {
        if (!Uri.TryCreate(forward.GetValueOrDefault<string>(), UriKind.Absolute, out var parsed)
            || parsed.Scheme is not ("http" or "https"))
            forward.AddError("--forward must be an address such as http://localhost:3000/hook.");
    }

    private static void CheckSecret(OptionResult secret)
    {
        if (secret.GetValueOrDefault<string?>() is { } given && !IsSecret(given))
            secret.AddError("--secret must be whsec_ and 24 to 64 bytes in base64, as the server shows it.");
    }

    private static bool IsSecret(string given)
    {
        const string prefix = "whsec_";
        byte[] key = new byte[65];
        return given.StartsWith(prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(given[prefix.Length..], key, out int bytes) && bytes is >= 24 and <= 64;
    }
}
