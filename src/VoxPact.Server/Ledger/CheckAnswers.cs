using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// I9 and I11: every answer that a repeated Idempotency-Key would get has the form of an answer, and the jobs and
/// bids it told of are there, accepted and completed when it said so.
/// </summary>
internal sealed class CheckAnswers(CheckFindings findings, long nowUs)
{
    /// <summary>A post's outcome is known after a day at the latest; an hour later its answer is stuck.</summary>
    private const long StuckAfterUs = 25 * JobTimes.HourUs;
    private const int HashBytes = 32, SealBytes = 28;

    private readonly List<Told> _told = [];
    private readonly HashSet<string> _waiting = [];

    /// <summary>What an answer said of a job or a bid.</summary>
    private sealed record Told(string Answer, string Prefix, Guid Id, DateTimeOffset? Accepted,
        DateTimeOffset? Completed);

    public async Task RunAsync(IReading reading, IAsyncEnumerable<StoredAnswer> answers, CancellationToken stop)
    {
        await foreach (byte[] scope in reading.StreamAsync(CheckQueries.WaitingAnswers, stop))
            _waiting.Add(Convert.ToHexString(scope));
        await foreach (var answer in answers.WithCancellation(stop))
        {
            findings.Count("answers");
            if (ProblemOf(answer) is { } problem) findings.Add(CheckFindings.Replays, Name(answer), problem);
            if (_told.Count >= CheckQueries.AtOnce) await CompareAsync(reading, stop);
        }
        await CompareAsync(reading, stop);
    }

    private string? ProblemOf(StoredAnswer answer)
    {
        if (answer.RequestHash.Length != HashBytes) return "The hash of its request is not one.";
        if (answer.Status == StoredAnswer.InFlight)
            return answer.Body is not null ? "It has a body, but says that its outcome is not known yet."
                : IsStuck(answer) ? $"Its outcome is not known since {At(answer)}, and nothing waits for it."
                : null;
        if (answer.Status / 100 is < 2 or > 5) return $"{answer.Status} is no status.";
        if (answer.Body is not { } body) return "Its body is not there.";
        if (answer.IsSealed) return body.Length >= SealBytes ? null : "Its sealed body is cut off.";
        try
        {
            return Read(answer, JsonDocument.Parse(body).RootElement);
        }
        catch (JsonException)
        {
            return "Its body is not JSON.";
        }
    }

    private bool IsStuck(StoredAnswer answer) => answer.CreatedUs < nowUs - StuckAfterUs
        && !_waiting.Contains(Convert.ToHexString(answer.Scope));

    private string? Read(StoredAnswer answer, JsonElement body)
    {
        bool isGood = answer.Status < 300;
        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("success", out var success)
            || success.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
            || success.GetBoolean() != isGood)
            return $"Its body does not say success {(isGood ? "true" : "false")} as its status {answer.Status} does.";
        if (!isGood || !body.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Object
            || !data.TryGetProperty("id", out var id) || id.ValueKind is not JsonValueKind.String) return null;
        foreach (string prefix in (string[])[Id.Job, Id.Bid])
            if (Id.TryParse(prefix, id.GetString(), out var subject))
                _told.Add(new Told(
                    Name(answer), prefix, subject, Time(data, "accepted_at"), Time(data, "completed_at")));
        return null;
    }

    private async Task CompareAsync(IReading reading, CancellationToken stop)
    {
        var jobs = (await FindAsync(reading, Id.Job, CheckQueries.JobsById, stop)).ToDictionary(job => job.Id);
        var bids = (await FindAsync(reading, Id.Bid, CheckQueries.BidIds, stop)).ToHashSet();
        foreach (var told in _told)
        {
            string subject = Id.Format(told.Prefix, told.Id);
            var job = jobs.GetValueOrDefault(told.Id);
            if (told.Prefix == Id.Job ? job is null : !bids.Contains(told.Id))
                findings.Add(CheckFindings.Answered, subject, $"{told.Answer} told of it, and it is not there.");
            else if (job is not null && (Differs(told.Accepted, job.AcceptedUs)
                || Differs(told.Completed, job.CompletedUs)))
                findings.Add(CheckFindings.Answered, subject,
                    $"{told.Answer} said when it was accepted or completed, and it says otherwise.");
        }
        _told.Clear();
    }

    private async Task<List<T>> FindAsync<T>(
        IReading reading, string prefix, Func<IReadOnlyList<Guid>, Statement<T>> by, CancellationToken stop)
    {
        Guid[] ids = [.. _told.Where(told => told.Prefix == prefix).Select(told => told.Id).Distinct()];
        return ids.Length == 0 ? [] : await reading.QueryAsync(by(ids), stop);
    }

    /// <summary>Answers tell times to the millisecond.</summary>
    private static bool Differs(DateTimeOffset? told, long? storedUs) =>
        told is { } time && (storedUs is not { } us || time.ToUnixTimeMilliseconds() != us / 1000);

    private static DateTimeOffset? Time(JsonElement data, string member) =>
        data.TryGetProperty(member, out var time) && time.ValueKind is JsonValueKind.String
        && time.TryGetDateTimeOffset(out var at) ? at : null;

    private static string Name(StoredAnswer answer) =>
        $"answer {Convert.ToHexStringLower(answer.Scope)} to {Id.Format(Id.Agent, answer.AgentId)}";

    private static string At(StoredAnswer answer) => CheckMoney.At(answer.CreatedUs);
}
