using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoxPact.Bench;

/// <summary>
/// One kept-alive HTTP/1.1 connection, written by hand so that the loader takes little of the machine it shares with
/// what it measures.
/// </summary>
internal sealed class HttpLink : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>Whether the last answer said when to try again.</summary>
    public bool HadRetryAfter { get; private set; }

    /// <param name="from">The loopback address that the server sees it come from.</param>
    public HttpLink(Uri server, IPAddress? from = null)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null) _socket.Bind(new IPEndPoint(from, 0));
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));
    }

    /// <summary>Sends a whole request; returns the status and the body, which is valid until the next call.</summary>
    public async ValueTask<(int Status, ReadOnlyMemory<byte> Body)> SendAsync(ReadOnlyMemory<byte> request)
    {
        await _socket.SendAsync(request, SocketFlags.None);
        int filled = 0, bodyAt = -1, length = 0;
        while (bodyAt < 0 || filled < bodyAt + length)
        {
            int read = await _socket.ReceiveAsync(_buffer.AsMemory(filled), SocketFlags.None);
            if (read == 0) throw new IOException("The server closed the connection.");
            filled += read;
            if (bodyAt >= 0) continue;
            int end = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end < 0) continue;
            bodyAt = end + 4;
            length = ContentLength(_buffer.AsSpan(0, end));
            HadRetryAfter = _buffer.AsSpan(0, end).IndexOf("\r\nRetry-After: "u8) >= 0;
        }
        Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int status, out _);
        return (status, _buffer.AsMemory(bodyAt, length));
    }

    public static byte[] Post(string path, string key, string idempotencyKey, string json) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: {idempotencyKey}\r\n"
        + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    /// <param name="key">Empty for public calls.</param>
    public static byte[] Get(string path, string key) => Encoding.UTF8.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        + (key.Length == 0 ? "\r\n" : $"Authorization: Bearer {key}\r\n\r\n"));

    public void Dispose() => _socket.Dispose();

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf("Content-Length: "u8);
        Utf8Parser.TryParse(head[(at + 16)..], out int length, out _);
        return length;
    }
}
