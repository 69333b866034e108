using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace VoxPact.Server.Tests.Harness;

/// <summary>What a server logs, kept in memory: quiet while all is well, and there to be looked through.</summary>
internal sealed class MemoryLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Log(this, categoryName);

    public void Dispose()
    {
        // The lines are what is wanted, also after the server stopped.
    }

    private sealed class Log(MemoryLog all, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            all._lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
    }
}
