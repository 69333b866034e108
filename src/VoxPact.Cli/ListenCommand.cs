using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary>
/// <c>voxpact listen --forward http://localhost:3000/hook</c>: streams the agent's events and posts them to a laptop,
/// signed as the server signs them, so that the receiver runs the same code as in production.
/// </summary>
internal static class ListenCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

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
            using var http = new HttpClient { Timeout = Patience };
            await foreach (var told in client.StreamEventsAsync(
                said.GetValue(after), said.GetValue(types), stop: stop))
            {
                string answer = await PostAsync(http, said.GetValue(forward)!, key, told, stop);
                await output.WriteLineAsync($"{told.Event.Type} {told.Event.Id} -> {answer}");
            }
        }));
        return listen;
    }

    private static async Task<string> PostAsync(
        HttpClient http, string url, string secret, StreamedEvent told, CancellationToken stop)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(told.Event, VoxPactJson.Wire.WebhookEvent);
        var now = TimeProvider.System.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, told.Event.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, $"{now.ToUnixTimeSeconds()}");
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(secret, told.Event.Id, now, body));
        try
        {
            using var answer = await http.SendAsync(request, stop);
            return $"{(int)answer.StatusCode}";
        }
        catch (HttpRequestException unreachable)
        {
            return unreachable.Message;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} seconds";
        }
    }
}
