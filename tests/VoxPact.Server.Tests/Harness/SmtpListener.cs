using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// A mail server on loopback that refuses so many letters for now and takes the next ones. It knows one user, if it is
/// given a password.
/// </summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;
    private readonly string? _password;
    private int _refusals;

    public SmtpListener(int refusals, string? password = null)
    {
        (_refusals, _password) = (refusals, password);
        _listener.Start();
        _loop = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>A letter was refused.</summary>
    public Task Refused => _refused.Task;

    /// <summary>The first letter that was taken, headers and all.</summary>
    public Task<string> Taken => _taken.Task;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _loop;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException)
            {
                // The test is over, or the client hung up: listen on, if anybody still asks.
            }
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync(_stopping.Token) is { } line)
        {
            string verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "DATA") await TakeAsync(reader, writer);
            else await writer.WriteLineAsync(verb switch
            {
                "EHLO" => _password is null ? "250 test" : "250-test\r\n250 AUTH PLAIN",
                "AUTH" => IsRight(line) ? "235 welcome" : "535 wrong user or password",
                "QUIT" => "221 bye",
                _ => "250 ok",
            });
            if (verb == "QUIT") return;
        }
    }

    /// <summary><c>AUTH PLAIN</c> and base64 of three texts, a zero before the second and the third.</summary>
    private bool IsRight(string line) => Encoding.UTF8
        .GetString(Convert.FromBase64String(line.Split(' ')[^1])).EndsWith("\0" + _password, StringComparison.Ordinal);

    private async Task TakeAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("354 go on");
        var letter = new StringBuilder();
        while (await reader.ReadLineAsync(_stopping.Token) is { } line && line != ".") letter.Append(line).Append("\r\n");
        if (_refusals-- > 0)
        {
            await writer.WriteLineAsync("451 not now");
            _refused.TrySetResult();
            return;
        }
        await writer.WriteLineAsync("250 taken");
        _taken.TrySetResult(letter.ToString());
    }
}
