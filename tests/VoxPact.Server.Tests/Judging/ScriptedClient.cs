using Microsoft.Extensions.AI;

namespace VoxPact.Server.Tests.Judging;

/// <summary>A chat client that answers by a function of the prompt and keeps what it was asked.</summary>
internal sealed class ScriptedClient(Func<string, CancellationToken, Task<ChatResponse>> answer) : IChatClient
{
    public string Prompt { get; private set; } = "";
    public ChatOptions? Options { get; private set; }

    public static ScriptedClient Saying(string text, ChatFinishReason? reason = null) => new((_, _) =>
        Task.FromResult(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = reason }));

    public static ScriptedClient Throwing(Exception error) =>
        new((_, _) => Task.FromException<ChatResponse>(error));

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Options = options;
        Prompt = string.Join('\n', messages.Select(static message => message.Text));
        return answer(Prompt, cancellationToken);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // Nothing is held.
    }
}
