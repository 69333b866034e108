using VoxPact.Domain;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Work;

/// <summary>A platform command was refused: the database is away, or a bug or a race nobody expected.</summary>
internal sealed class WorkRefused(Command command, Refusal refusal)
    : InvalidOperationException($"{command.GetType().FullName} was refused: {refusal.Sentence}")
{
    public Refusal Refusal => refusal;
}

/// <summary>How code that runs work speaks to the engine.</summary>
internal static class WorkRuns
{
    /// <summary>The row that ends an item in the very commit that has its effects.</summary>
    public static Row Done(this StoredWork work) => new(work, RowChange.Delete);

    /// <summary>Runs a platform command; a refusal there is a bug or a race that the caller did not expect.</summary>
    public static async Task<Reply> RunWorkAsync(this Engine.Engine engine, Command command)
    {
        var reply = await engine.RunAsync(command);
        return reply.Refusal is { } refusal ? throw new WorkRefused(command, refusal) : reply;
    }

    /// <summary>Ends an item that has nothing (more) to do.</summary>
    public static Task<Reply> FinishAsync(this Engine.Engine engine, StoredWork work) =>
        engine.RunWorkAsync(new Finish(work));

    private sealed class Finish(StoredWork work) : Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context) =>
            new(new Decision(), Reply.None) { Log = { work.Done() } };
    }
}
