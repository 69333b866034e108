using System.CommandLine;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary><c>voxpact trigger job.created</c>: tells the agent of something that did not happen.</summary>
internal static class TriggerCommand
{
    public static Command Make(ServerOptions server)
    {
        var type = new Argument<string?>("type")
        {
            Description = "The type of the event; webhook.ping if none is given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var trigger = new Command("trigger", "Be told of an event that did not happen, at every endpoint and stream.")
        {
            type,
        };
        trigger.SetAction(server.Run(async (client, said, stop) =>
        {
            var sent = await client.SendTestEventAsync(new TestEventRequest { Type = said.GetValue(type) }, stop: stop);
            ServerOptions.Print(said, sent, VoxPactJson.Wire.TestEvent);
        }));
        return trigger;
    }
}
