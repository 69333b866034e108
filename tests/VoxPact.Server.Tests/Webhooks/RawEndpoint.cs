using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>
/// What one connection of a <see cref="RawEndpoint"/> received, headers by lower-case name.
/// </summary>
internal sealed record ReceivedRequest(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>
/// A listener on every loopback address that counts connections and answers with raw bytes, so that a test
/// can misbehave in any way a server can. One request per connection.
/// </summary>
internal sealed class RawEndpoint : IAsyncDisposable
{
    private readonly TcpListener _listener = TcpListener.Create(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ReceivedRequest, Stream, CancellationToken, Task> _answer;
    private readonly Task _accepting;
    private int _hits;

    public RawEndpoint(Func<ReceivedRequest, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public RawEndpoint(string answer) : this((_, stream, stop) => WriteAsync(stream, answer, stop)) { }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
    public string Url => $"http://127.0.0.1:{Port}/hooks";
    public int Hits => Volatile.Read(ref _hits);
    public List<ReceivedRequest> Requests { get; } = [];

    public static string Status(int status, string headers = "") =>
        $"HTTP/1.1 {status} Test\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n";

    public static Task WriteAsync(Stream stream, string text, CancellationToken stop) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(text), stop).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _hits);
                connections.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                ReceivedRequest request = await ReadAsync(stream, _stop.Token);
                lock (Requests) Requests.Add(request);
                await _answer(request, stream, _stop.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The sender cut the connection or the test is over: both are what some tests wait for.
            }
        }
    }

    private static async Task<ReceivedRequest> ReadAsync(Stream stream, CancellationToken stop)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one, stop);
            head.Add(one[0]);
        }
        string[] lines = Encoding.ASCII.GetString([.. head])
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        byte[] body = new byte[int.Parse(headers.GetValueOrDefault("content-length", "0"))];
        await stream.ReadExactlyAsync(body, stop);
        return new ReceivedRequest(lines[0], headers, body);
    }
}
