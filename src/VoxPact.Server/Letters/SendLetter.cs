using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Letters;

/// <summary>
/// Sends a letter outside of any transaction, again until the mail server took it or its link has expired. Without a
/// mail server the sandbox shows it in its mailbox.
/// </summary>
internal static class SendLetter
{
    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var found = await deployment.Store.QueryAsync(LetterQueries.One(work.Item.Subject), stop);
        if (found is [{ Letter.SentUs: null } named] && deployment.Clock.NowUs < named.Letter.ExpiresUs)
        {
            var letter = named.Letter;
            if (deployment.Mailer is { } mailer)
                await mailer.SendAsync(letter.Address, LetterText.SubjectOf(letter.Kind, named.Agent),
                    BodyOf(deployment, named), stop);
            else if (deployment.Mode is not Mode.Sandbox)
                deployment.Log.LogWarning("Letter {Letter} is not sent: no SmtpHost is configured", letter.Id);
        }
        await deployment.Engine.RunWorkAsync(new Command(work));
    }

    /// <summary>A letter and the work of sending it.</summary>
    public static void Write(Decision decision, Letter letter) => decision.Add(letter)
        .Later(new WorkItem(WorkKind.SendLetter, letter.Id, letter.CreatedUs));

    public static string BodyOf(Deployment deployment, LetterQueries.Named named) => LetterText.BodyOf(
        named.Letter.Kind, named.Agent, named.Other,
        named.Letter.Kind is LetterKind.KeyRecovered ? null : deployment.Letters.UrlOf(named.Letter));

    private sealed class Command(StoredWork work) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Letters.Add(work.Item.Subject);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            if (rows.Letters.Find(work.Item.Subject) is { SentUs: null } letter)
                decision.Put(letter with { SentUs = context.NowUs });
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }
    }
}
