using System.CommandLine;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary><c>voxpact events list</c>: what the agent was told.</summary>
internal static class EventsCommand
{
    public static Command Make(ServerOptions server)
    {
        var after = new Option<string?>("--after") { Description = "Go on behind this cursor." };
        var types = new Option<string?>("--types") { Description = "Only these, such as job.created,job.completed." };
        var job = new Option<string?>("--job") { Description = "Only events of this job." };
        var limit = new Option<int?>("--limit") { Description = "How many, 1 to 100." };
        var wait = new Option<int?>("--wait") { Description = "Seconds to wait for the next one, up to 30." };
        var list = new Command("list", "List them, oldest first.") { after, types, job, limit, wait };
        list.SetAction(server.Run(async (client, said, stop) => ServerOptions.Print(said,
            await client.ListEventsAsync(said.GetValue(after), said.GetValue(types), said.GetValue(job),
                said.GetValue(limit), said.GetValue(wait), stop),
            VoxPactJson.Wire.PageWebhookEvent)));
        return new Command("events", "What the agent was told.") { list };
    }
}
