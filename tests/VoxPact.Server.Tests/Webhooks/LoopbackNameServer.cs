using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>
/// A name server on UDP port 53 of one address, that answers each question for an IPv4 address as the next of its list,
/// and the last one from then on; other questions it answers with nothing. No answer may be kept.
/// </summary>
internal sealed class LoopbackNameServer : IAsyncDisposable
{
    private const int HeaderBytes = 12;
    private const ushort TypeA = 1;

    private readonly UdpClient _socket;
    private readonly string[] _answers;
    private readonly Task _serving;
    private int _asked;

    /// <param name="at">Where to listen.</param>
    /// <param name="answers">Each the addresses of one answer, separated by spaces.</param>
    public LoopbackNameServer(IPAddress at, params string[] answers)
    {
        _socket = new UdpClient(new IPEndPoint(at, 53));
        _answers = answers;
        _serving = ServeAsync();
    }

    /// <summary>How often somebody asked for an IPv4 address.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var question = await _socket.ReceiveAsync();
                byte[] answer = Answer(question.Buffer);
                await _socket.SendAsync(answer, question.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private byte[] Answer(byte[] question)
    {
        int end = HeaderBytes;
        while (question[end] != 0) end += question[end] + 1;
        end += 5;
        bool isA = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(end - 4)) == TypeA;
        string[] addresses = isA
            ? _answers[Math.Min(Interlocked.Increment(ref _asked), _answers.Length) - 1].Split(' ')
            : [];
        using var answer = new MemoryStream();
        // A response, authoritative, with the question as it came and without anything else that it carried.
        answer.Write([question[0], question[1], 0x84, 0x00, 0, 1, 0, (byte)addresses.Length, 0, 0, 0, 0]);
        answer.Write(question.AsSpan(HeaderBytes, end - HeaderBytes));
        foreach (string address in addresses)
        {
            // The name of the question, type A, class IN, to be kept for 0 seconds, four bytes.
            answer.Write([0xC0, HeaderBytes, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
            answer.Write(IPAddress.Parse(address).GetAddressBytes());
        }
        return answer.ToArray();
    }
}
