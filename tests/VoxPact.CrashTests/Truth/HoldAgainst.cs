using System.Text;
using System.Text.Json;
using VoxPact.CrashTests.Load;
using VoxPact.CrashTests.Processes;
using VoxPact.Domain;

namespace VoxPact.CrashTests.Truth;

/// <summary>
/// After everything is quiet: what the server says, against what the provider did (I4, I5) and against what was
/// answered to those who asked (I9, I11); and the server's own check of all its invariants.
/// </summary>
internal sealed class HoldAgainst(Verdict verdict, ServerProcess server, Link link, CancellationToken stop)
{
    /// <summary>Answers are promised for a day; what is nearly that old is not asked for again.</summary>
    private const long ReplaySeconds = 22 * 3600;

    private sealed record Executed(string Id, string? Op, long AmountMinor);

    public async Task<int> ProviderAsync(Simulator simulator)
    {
        var executed = new List<Executed>();
        foreach (var intent in await simulator.AllAsync("/v1/payment_intents", stop))
            if (Text(intent, "status") == "succeeded") executed.Add(Read(intent));
        foreach (var transfer in await simulator.AllAsync("/v1/transfers", stop)) executed.Add(Read(transfer));
        foreach (var refund in await simulator.AllAsync("/v1/refunds", stop)) executed.Add(Read(refund));
        var operations = (await Books.OperationsAsync(server, stop)).ToDictionary(one => one.Id);
        var byOperation = executed.GroupBy(one => IdOf(one.Op)).ToList();
        foreach (var group in byOperation)
        {
            string ids = string.Join(", ", group.Select(one => one.Id));
            if (group.Key is not { } id) verdict.AddDoubled($"{ids} moved money and names no operation");
            else if (!operations.TryGetValue(id, out var operation))
                verdict.AddDoubled($"{ids} moved money for {group.First().Op}, which is not there");
            else Compare(operation, [.. group]);
        }
        var done = byOperation.Select(group => group.Key).OfType<Guid>().ToHashSet();
        foreach (var operation in operations.Values.Where(one => one.IsSent))
            if (operation.IsPending) verdict.AddStuck($"{Name(operation)} is still pending");
            else if (operation.IsDone && !done.Contains(operation.Id))
                verdict.AddLost($"{Name(operation)} is settled with {operation.ProviderId}, which moved no money");
        return operations.Values.Count(one => one.IsSent);
    }

    /// <summary>
    /// I8: every event arrived, in order for each subject. Those that are still on their way are given time.
    /// </summary>
    public async Task EventsAsync(IEnumerable<Member> everybody, Listener listener, Func<Task> wait)
    {
        foreach (var member in everybody)
        {
            if (!Id.TryParse(Id.Agent, member.Id, out var agent)) throw new InvalidOperationException(member.Id);
            var told = await Books.EventsOfAsync(server, agent, stop);
            var missing = new HashSet<string>();
            for (int attempt = 0; attempt < 60; attempt++)
            {
                missing = [.. told.Select(one => one.Event).Except(listener.TakenBy(member.Name))];
                if (missing.Count == 0) break;
                await wait();
            }
            foreach (string lost in missing) verdict.AddLost($"{member.Name} was never sent {lost}");
            var places = listener.TakenBy(member.Name).Distinct().Select((id, place) => (id, place))
                .ToDictionary(one => one.id, one => one.place);
            foreach (var subject in told.Where(one => places.ContainsKey(one.Event)).GroupBy(one => one.Subject))
                if (subject.Zip(subject.Skip(1)).Any(pair => places[pair.First.Event] > places[pair.Second.Event]))
                    verdict.AddOvertaken($"{member.Name} was sent the events of {subject.Key} in another order");
        }
    }

    /// <summary>Asks for every answer again that is young enough, and looks at what each of them told of.</summary>
    public async Task AnswersAsync()
    {
        var jobs = new Dictionary<string, JsonElement>();
        foreach (var heard in link.Good)
        {
            if (link.MovedSeconds - heard.MovedSeconds < ReplaySeconds) await ReplayAsync(heard);
            if (!heard.Asked.Path.StartsWith("/v1/jobs", StringComparison.Ordinal)) continue;
            if (!heard.Data.TryGetProperty("state", out _) || Text(heard.Data, "id") is not { } id) continue;
            if (!id.StartsWith("job_", StringComparison.Ordinal)) continue;
            if (!jobs.TryGetValue(id, out var job))
                jobs[id] = job = (await link.GetSurelyAsync(heard.Asked.ApiKey, $"/v1/jobs/{id}", stop)).GetProperty("data");
            Compare(heard, job, id);
        }
    }

    public async Task ServerAsync(string operatorKey)
    {
        foreach (string alarm in await Books.AlarmsAsync(server, stop)) verdict.AddBroken("Payouts were stopped: " + alarm);
        var report = (await link.GetSurelyAsync(operatorKey, "/v1/operator/check", stop)).GetProperty("data");
        foreach (var invariant in report.GetProperty("invariants").EnumerateArray())
        {
            string id = Text(invariant, "id")!, status = Text(invariant, "status")!;
            if (status is "holds" or "warning") continue;
            string first = status == "not_checked" && invariant.TryGetProperty("note", out var note)
                ? note.ToString()
                : string.Join("; ", invariant.GetProperty("first").EnumerateArray().Take(3));
            string found = $"{id}, {invariant.GetProperty("findings").GetInt64()} found: {first}";
            if (id == "I10") verdict.AddOverdue(found);
            else verdict.AddBroken(found);
        }
    }

    private void Compare(BookedOperation operation, IReadOnlyList<Executed> executed)
    {
        string ids = string.Join(", ", executed.Select(one => one.Id));
        if (executed.Count > 1) verdict.AddDoubled($"{Name(operation)} was done by {ids}");
        else if (!operation.IsDone && !operation.IsPending)
            verdict.AddDoubled($"{Name(operation)} is settled as declined, but {ids} moved money for it");
        else if (executed[0].AmountMinor != operation.AmountMinor)
            verdict.AddBroken($"{Name(operation)} asks for {operation.AmountMinor}, {ids} is {executed[0].AmountMinor}");
    }

    private async Task ReplayAsync(Heard heard)
    {
        Heard? again = null;
        for (int attempt = 0; attempt < 50 && again is null; attempt++)
        {
            again = await link.TryAsync(heard.Asked, stop);
            if (again is null) await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        }
        string what = $"POST {heard.Asked.Path} with key {heard.Asked.IdempotencyKey}";
        if (again is null) verdict.AddStuck($"{what} has no answer any more");
        else if (again.Status != heard.Status || !again.Body.AsSpan().SequenceEqual(heard.Body))
            verdict.AddLost($"{what} was answered {heard.Status} and is now {again.Status}: "
                + $"{Encoding.UTF8.GetString(heard.Body)} | {Encoding.UTF8.GetString(again.Body)}");
    }

    /// <summary>A job only goes on from what was told of it.</summary>
    private void Compare(Heard heard, JsonElement job, string id)
    {
        var told = heard.Data;
        foreach (string moment in (string[])["accepted_at", "completed_at"])
            if (Text(told, moment) is { } at && Text(job, moment) != at)
                verdict.AddLost($"{id}: {moment} was told as {at} and is {Text(job, moment) ?? "nothing"}");
        long before = told.GetProperty("submissions_used").GetInt64(), now = job.GetProperty("submissions_used").GetInt64();
        if (now < before) verdict.AddLost($"{id}: {before} submissions were told of, {now} are there");
        if (Text(told, "completed_at") is not null && Text(told, "state") != Text(job, "state"))
            verdict.AddLost($"{id}: was told as {Text(told, "state")} and is {Text(job, "state")}");
    }

    private static Executed Read(JsonElement item) => new(
        Text(item, "id")!,
        item.GetProperty("metadata").TryGetProperty("op", out var op) ? op.GetString() : null,
        item.GetProperty("amount").GetInt64());

    private static Guid? IdOf(string? op) =>
        op is not null && Id.TryParse(Id.Operation, op[(op.IndexOf(':') + 1)..], out var id) ? id : null;

    private static string Name(BookedOperation operation) => Id.Format(Id.Operation, operation.Id);

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var value)
            && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
