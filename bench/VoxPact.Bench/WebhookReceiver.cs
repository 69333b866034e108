using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VoxPact.Bench;

/// <summary>
/// Receives webhooks as cheaply as a socket allows, and keeps count: what came, in which order, how often twice.
/// One port answers 204, one 500, one 204 after five seconds, and one never.
/// </summary>
internal sealed class WebhookReceiver : IDisposable
{
    private static readonly byte[] s_taken = "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray();
    private static readonly byte[] s_failed = "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private readonly Socket _good = Listen();
    private readonly Socket _bad = Listen();
    private readonly Socket _slow = Listen();
    private readonly Socket _silent = Listen();
    private readonly ConcurrentDictionary<string, int> _last = new();
    private int _taken, _twice, _disordered, _refused;

    public WebhookReceiver()
    {
        _ = AcceptAsync(_good, Manner.Takes);
        _ = AcceptAsync(_bad, Manner.Fails);
        _ = AcceptAsync(_slow, Manner.TakesSlowly);
        _ = AcceptAsync(_silent, Manner.Hangs);
    }

    private enum Manner { Takes, Fails, TakesSlowly, Hangs }

    /// <summary>Milliseconds from an event's creation to its arrival, of those that came to the good port.</summary>
    public ConcurrentQueue<double>? Latencies { get; set; }

    public int SlowPort => ((IPEndPoint)_slow.LocalEndPoint!).Port;
    public int SilentPort => ((IPEndPoint)_silent.LocalEndPoint!).Port;
    public int GoodPort => ((IPEndPoint)_good.LocalEndPoint!).Port;
    public int BadPort => ((IPEndPoint)_bad.LocalEndPoint!).Port;

    /// <summary>Events that came for the first time.</summary>
    public int Taken => Volatile.Read(ref _taken);
    public int Twice => Volatile.Read(ref _twice);

    /// <summary>Events that came before an earlier one of their job.</summary>
    public int Disordered => Volatile.Read(ref _disordered);
    public int Refused => Volatile.Read(ref _refused);

    public void Dispose()
    {
        _good.Dispose();
        _bad.Dispose();
        _slow.Dispose();
        _silent.Dispose();
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        socket.Listen(4_096);
        return socket;
    }

    private async Task AcceptAsync(Socket listener, Manner manner)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            client.NoDelay = true;
            _ = ServeAsync(client, manner);
        }
    }

    private async Task ServeAsync(Socket client, Manner manner)
    {
        using var _ = client;
        byte[] buffer = new byte[32 * 1024];
        try
        {
            while (true)
            {
                int filled = 0, bodyAt = -1, length = 0;
                while (bodyAt < 0 || filled < bodyAt + length)
                {
                    int read = await client.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None);
                    if (read == 0) return;
                    filled += read;
                    if (bodyAt >= 0) continue;
                    int end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                    if (end < 0) continue;
                    bodyAt = end + 4;
                    length = LengthIn(buffer.AsSpan(0, end));
                }
                if (manner is Manner.Hangs) continue;
                if (manner is Manner.TakesSlowly) await Task.Delay(TimeSpan.FromSeconds(5));
                if (manner is Manner.Fails) Interlocked.Increment(ref _refused);
                if (manner is Manner.Takes) Take(buffer.AsSpan(0, bodyAt + length));
                await client.SendAsync(manner is Manner.Fails ? s_failed : s_taken, SocketFlags.None);
            }
        }
        catch (SocketException)
        {
            // The sender is gone.
        }
    }

    private static int LengthIn(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf("Content-Length: "u8);
        Utf8Parser.TryParse(head[(at + 16)..], out int length, out _);
        return length;
    }

    private void Take(ReadOnlySpan<byte> request)
    {
        if (Latencies is not { } latencies)
        {
            Count(request);
            return;
        }
        int at = request.IndexOf("\"created_at\":\""u8) + 14;
        string created = System.Text.Encoding.ASCII.GetString(request.Slice(at, request[at..].IndexOf((byte)'"')));
        var since = DateTimeOffset.Parse(created, System.Globalization.CultureInfo.InvariantCulture);
        latencies.Enqueue((TimeProvider.System.GetUtcNow() - since).TotalMilliseconds);
    }

    private void Count(ReadOnlySpan<byte> request)
    {
        string path = System.Text.Encoding.ASCII.GetString(request[5..(5 + request[5..].IndexOf((byte)' '))]);
        int at = request.IndexOf("\"sequence\":"u8);
        Utf8Parser.TryParse(request[(at + 11)..], out int sequence, out _);
        int job = request.IndexOf("\"job_id\":\""u8) + 10;
        string key = path + System.Text.Encoding.ASCII.GetString(request.Slice(job, 30));
        int last = _last.GetOrAdd(key, 0);
        if (sequence <= last)
        {
            Interlocked.Increment(ref _twice);
            return;
        }
        if (sequence > last + 1) Interlocked.Increment(ref _disordered);
        // One job's events come one after the other, so nobody else writes this key meanwhile.
        _last[key] = sequence;
        Interlocked.Increment(ref _taken);
    }
}
