using System.Diagnostics;
using System.Text;
using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;

namespace VoxPact.Bench;

/// <summary><c>micro</c>: time and allocations of the parts of a request, one after the other on one thread.</summary>
internal static class Micro
{
    private const int Warm = 20_000, Counted = 50_000;

    private static readonly byte[] s_post = Encoding.UTF8.GetBytes(
        """{"worker_agent_id":"ag_01jqzj3w5kf5s8x0v9y2m4n6p7","title":"Summarise this document","description":"Summarise the document on the quarterly results in one sentence.","amount":0.10,"deadline_hours":24}""");

    public static Report Run()
    {
        var report = new Report("micro", "part", "ns", "bytes");
        byte[] pepper = new byte[32];
        string key = ApiKey.Create(ApiKey.AgentPrefix, pepper);
        var (job, policy) = (Active(), new Policy { Currency = "eur" });
        var context = new JobContext(2, policy);
        var submission = new Submission
        {
            JobId = job.Id,
            Number = 1,
            Deliverable = "\"Summary: revenue is up 12 percent.\"",
            Hash = pepper,
            CreatedUs = 2,
        };
        var fact = new FactData { JobId = job.Id, State = "active", AmountMinor = 10, Submission = 1 };
        var terms = new JobTerms { JobId = job.Id, Description = "Summarise the document in one sentence." };
        string secret = WebhookSignature.FormatSecret(pepper);
        byte[] body = new byte[600];
        string id = Id.Format(Id.Job, job.Id);

        Measure(report, "parse an API key and hash it", () =>
            ApiKey.IsWellFormed(key, ApiKey.AgentPrefix) ? ApiKey.Hash(key, pepper).Length : 0);
        Measure(report, "read the body of a post", () =>
            JsonSerializer.Deserialize(s_post, VoxPactJson.Default.PostJobRequest)!.Title!.Length);
        Measure(report, "parse an id", () => Id.TryParse(Id.Job, id, out var parsed) ? parsed.GetHashCode() : 0);
        Measure(report, "decide a submission", () =>
            JobLifecycle.Submit(job, Party.Worker, submission, context).Decision!.Facts.Count);
        Measure(report, "take a decision into the batch", () =>
        {
            var rows = new Snapshot();
            rows.Jobs.Load(job);
            rows.Apply(JobLifecycle.Submit(job, Party.Worker, submission, context).Decision!, [], 2, 1);
            return rows.Facts.Changed(RowChange.Insert).Count();
        });
        Measure(report, "write a fact", () => FactJson.Write(fact).Length);
        Measure(report, "write an answer", () => JobView.Answer(job, policy, terms).Body.Length);
        Measure(report, "seal a commit of one fact", () => CommitChain.Mac(pepper, pepper, 1, 2, [],
            [new LoggedFact(job.Id, 1, job.Id, 1, 2, "{\"state\":\"active\"}", 1)]).Length);
        Measure(report, "sign an event", () =>
            WebhookSignature.Sign(secret, id, DateTimeOffset.UnixEpoch, body).Length);
        return report;
    }

    private static void Measure(Report report, string part, Func<int> run)
    {
        int sink = 0;
        for (int i = 0; i < Warm; i++) sink ^= run();
        long bytes = GC.GetAllocatedBytesForCurrentThread(), from = Stopwatch.GetTimestamp();
        for (int i = 0; i < Counted; i++) sink ^= run();
        double ns = Stopwatch.GetElapsedTime(from).TotalNanoseconds / Counted;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        // What is computed must be used, or the compiler may leave it out.
        GC.KeepAlive(sink);
        report.Add(part, Report.Number(ns, "F0"), bytes / Counted);
    }

    private static Domain.Jobs.Job Active() => Domain.Jobs.Job.Restore(new Domain.Jobs.Job
    {
        Id = Id.New(1),
        BuyerAgent = Id.New(2),
        BuyerOwner = Id.New(3),
        WorkerAgent = Id.New(4),
        WorkerOwner = Id.New(5),
        IsOpen = false,
        Title = "Summarise this document",
        Amount = new Money(10),
        Escrow = new Money(10),
        ReviewHours = 48,
        MaxRevisions = 2,
        Sequence = 2,
        CreatedUs = 1,
        AcceptedUs = 1,
    }, JobState.Active);
}
