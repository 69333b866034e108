using System.Threading.Channels;
using VoxPact.Client;

namespace VoxPact.Server.Demo;

/// <summary>A demo agent's endpoint: takes in events whose signature is right.</summary>
internal sealed class Inbox(TimeProvider clock)
{
    private readonly Channel<WebhookEvent> _arrived = Channel.CreateUnbounded<WebhookEvent>();
    private readonly List<WebhookEvent> _unread = [];

    /// <summary>The signing secret that registration showed; without it nothing is believed.</summary>
    public string? Secret { get; set; }

    /// <summary>How many requests had no right signature.</summary>
    public int Refused { get; private set; }

    public async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var known = Secret is null ? null : WebhookSignature.Open(
            Secret, request.Headers[WebhookSignature.IdHeader],
            request.Headers[WebhookSignature.TimestampHeader],
            request.Headers[WebhookSignature.SignatureHeader], body.ToArray(), clock.GetUtcNow());
        if (known is null)
        {
            Refused++;
            return Results.Unauthorized();
        }
        _arrived.Writer.TryWrite(known);
        return Results.NoContent();
    }

    /// <summary>The next event of this type; others stay for later.</summary>
    public async Task<WebhookEvent> WaitForAsync(string type, CancellationToken stop)
    {
        while (true)
        {
            int at = _unread.FindIndex(known => known.Type == type);
            if (at >= 0)
            {
                var found = _unread[at];
                _unread.RemoveAt(at);
                return found;
            }
            _unread.Add(await _arrived.Reader.ReadAsync(stop));
        }
    }
}
