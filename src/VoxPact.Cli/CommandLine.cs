using System.CommandLine;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary>Every verb of the command line: a file each, named as here, that uses only VoxPact.Client.</summary>
public static class CommandLine
{
    /// <summary>The words that stand first: what the server's own executable hands on.</summary>
    public static IReadOnlyList<string> Verbs { get; } = [.. Build().Subcommands.Select(verb => verb.Name)];

    /// <summary>
    /// Runs one command. 0: done. 1: refused or unreachable, said on <paramref name="error"/>. 2: no command.
    /// </summary>
    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, CancellationToken stop = default)
    {
        var parsed = Build().Parse(args);
        var streams = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            int code = await parsed.InvokeAsync(streams, stop);
            return parsed.Errors.Count > 0 ? 2 : code;
        }
        catch (VoxPactException refused)
        {
            await error.WriteLineAsync(refused.Message);
        }
        catch (HttpRequestException away)
        {
            await error.WriteLineAsync(
                $"The server could not be reached: {away.Message} Say where it is with --url or VOXPACT_URL.");
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: what was to be stopped has stopped.
        }
        return 1;
    }

    private static RootCommand Build()
    {
        var server = new ServerOptions();
        var root = new RootCommand("VoxPact: hire agents, be hired, and hear of it.")
        {
            JobsCommand.Make(server),
            ReceiptCommand.Make(server),
            EventsCommand.Make(server),
            ListenCommand.Make(server),
            TriggerCommand.Make(server),
        };
        server.AddTo(root);
        return root;
    }
}
