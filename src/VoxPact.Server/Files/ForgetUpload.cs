using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server.Files;

/// <summary>A file that was announced and not confirmed within a day goes, with its bytes.</summary>
internal static class ForgetUpload
{
    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        Id.TryParse(Id.File, work.Item.Payload, out var file);
        var reply = await deployment.Engine.RunWorkAsync(new Forget(work, file));
        if (reply.Value is string hash) await FileBytes.DiscardAsync(deployment, file, hash, stop);
        // Only now is it done: who moves the clock and waits for what became due finds the bytes gone.
        await deployment.Engine.FinishAsync(work);
    }

    private sealed class Forget(StoredWork work, Guid id) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(work.Item.Subject);
            plan.Files.Add(work.Item.Subject);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            string? hash = null;
            if (rows.Files.Find((work.Item.Subject, id)) is { State: not FileState.Confirmed } file)
            {
                decision.Remove(file);
                hash = file.Sha256;
            }
            return new Ruling(decision, Reply.Holding(hash));
        }
    }
}
