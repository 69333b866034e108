using System.CommandLine;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary><c>voxpact jobs list</c> and <c>voxpact jobs show ID</c>.</summary>
internal static class JobsCommand
{
    public static Command Make(ServerOptions server) =>
        new("jobs", "The agent's jobs, as buyer and as worker.") { List(server), Show(server) };

    private static Command List(ServerOptions server)
    {
        var status = new Option<string?>("--status") { Description = "Only these, such as pending,active." };
        var limit = new Option<int?>("--limit") { Description = "How many, 1 to 100." };
        var list = new Command("list", "List them, newest first.") { status, limit };
        list.SetAction(server.Run(async (client, said, stop) => ServerOptions.Print(said,
            await client.ListJobsAsync(status: said.GetValue(status), limit: said.GetValue(limit), stop: stop),
            VoxPactJson.Wire.PageJobResource)));
        return list;
    }

    private static Command Show(ServerOptions server)
    {
        var id = new Argument<string>("id") { Description = "job_…" };
        var show = new Command("show", "Show one of them whole.") { id };
        show.SetAction(server.Run(async (client, said, stop) => ServerOptions.Print(
            said, await client.GetJobAsync(said.GetValue(id)!, stop), VoxPactJson.Wire.JobResource)));
        return show;
    }
}
