using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Judging;

/// <summary>
/// What the adviser reads of a dispute beside the job and the work: what both sides said with their steps, what the
/// judges said, and the evidence that each side laid before the arbiter. All of it is strangers' text.
/// </summary>
/// <param name="Sections">Each under a name that says whose it is, such as <c>WORKER_EVIDENCE</c>.</param>
/// <param name="Unseen">What of the evidence is not shown, as sentences.</param>
/// <param name="Suspicions">Signs that one side talks to the adviser, as sentences.</param>
internal sealed record DisputeExhibits(
    IReadOnlyList<(string Name, string Text)> Sections, IReadOnlyList<string> Unseen,
    IReadOnlyList<string> Suspicions)
{
    private const int SaidChars = 8_000;

    /// <summary>Of each side's evidence, files included: both together may be as long as a work.</summary>
    private const int EvidenceChars = JudgePrompt.WorkChars / 2;

    public static async Task<DisputeExhibits> OfAsync(
        Deployment deployment, JobQueries.ToJudge source, IReadOnlyList<Evidence> laid, CancellationToken stop)
    {
        var job = source.Job;
        var said = await deployment.Store.QueryAsync(JudgingQueries.SaidAbout(job.Id), stop);
        List<(string Name, string Text)> sections = [.. Words(said), ("VERDICT", Verdict(source.Submission))];
        var unseen = new List<string>();
        var suspicions = new List<string>();
        string terms = $"{job.Title}\n{source.Terms.Description}\n{source.Terms.TaskSpec}";
        foreach (var (name, text) in sections.SkipLast(1))
            suspicions.AddRange(Detector.InspectSide($"What {Whose(name)} said", Deliverable.FromText(text), terms));
        foreach (var (side, agent) in new (string, Guid?)[] { ("buyer", job.BuyerAgent), ("worker", job.WorkerAgent) })
        {
            List<Evidence> own = [.. laid.Where(one => one.Agent == agent)];
            if (own.Count == 0) continue;
            var read = await ReadAsync(deployment, job.Id, own, stop);
            sections.AddRange(read.Sections(EvidenceChars).Select(part => (NameOf(side, part.Name), part.Text)));
            if (read.Text.Length > EvidenceChars)
                unseen.Add($"Only the first {EvidenceChars} characters of the {side}'s evidence were shown.");
            unseen.AddRange(read.Files.SelectMany(
                file => file.Unseen.Select(what => $"Evidence of the {side}: {what}")));
            suspicions.AddRange(Detector.InspectSide($"The evidence of the {side}", read, terms));
        }
        return new DisputeExhibits(sections, unseen, suspicions);
    }

    /// <summary>One side's texts as one, oldest first, with the files that it named: read as a work is.</summary>
    private static Task<JudgedWork> ReadAsync(
        Deployment deployment, Guid job, IReadOnlyList<Evidence> laid, CancellationToken stop)
    {
        string text = string.Join("\n\n", laid.Select(one =>
            $"[{TimeConverter.ToText(JobView.Time(one.CreatedUs))}] {one.Text}"));
        var files = laid.SelectMany(one => JobView.Strings(one.Files)).Distinct();
        return deployment.Works.OfAsync(Deliverable.FromText(text), job, [.. files], stop);
    }

    /// <summary>Of what is laid in evidence the sections are called as those of a work, and whose they are.</summary>
    private static string NameOf(string side, string part) =>
        $"{side.ToUpperInvariant()}_{(part == JudgedWork.Section ? "EVIDENCE" : part)}";

    private static IEnumerable<(string Name, string Text)> Words(IReadOnlyList<JudgingQueries.Said> said) =>
        from one in said
        group one.Note by SpeakerOf(one) into notes
        let text = string.Join("\n\n", notes)
        select (notes.Key, text.Length > SaidChars ? text[..SaidChars] : text);

    /// <summary>Revisions are asked for by buyers; the other facts say whose they are.</summary>
    private static string SpeakerOf(JudgingQueries.Said said)
    {
        using var data = JsonDocument.Parse(said.Data);
        string? by = data.RootElement.TryGetProperty("by"u8, out var known) ? known.GetString() : null;
        return (by, said.Type) switch
        {
            ("buyer", _) or (_, FactType.JobRevisionRequested) => "BUYER_SAYS",
            ("worker", _) => "WORKER_SAYS",
            _ => "SAID",
        };
    }

    private static string Whose(string section) => section switch
    {
        "BUYER_SAYS" => "the buyer",
        "WORKER_SAYS" => "the worker",
        _ => "somebody",
    };

    private static string Verdict(Submission submission) =>
        SubmissionView.Verdict(submission.Verdict) is not { } verdict
            ? "The judges gave no verdict."
            : $"{verdict.Outcome}\n{string.Join('\n', verdict.Reasons)}";
}
