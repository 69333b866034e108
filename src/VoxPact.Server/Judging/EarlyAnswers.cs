namespace VoxPact.Server.Judging;

/// <summary>
/// What one judge said of a work while the other was away, so that asking again costs only the missing one. Gone with
/// the process, with the round, and when nobody asks for it: then both are asked again.
/// </summary>
internal sealed class EarlyAnswers(TimeProvider time)
{
    public const int MostJobs = 2_000;

    /// <summary>Longer than judging is ever put off: another node has taken the job over, or it is over.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Round> _rounds = [];

    /// <summary>One round for each job: the submission before it is no longer judged.</summary>
    private sealed record Round(WorkKey Work, Dictionary<PromptStyle, JudgeAnswer> Answers)
    {
        public long UsedAt { get; set; }
    }

    /// <summary>Of how many jobs something is kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _rounds.Count;
        }
    }

    public JudgeAnswer? Find(WorkKey? work, PromptStyle judge)
    {
        if (work is null) return null;
        lock (_lock)
        {
            if (!_rounds.TryGetValue(work.Job, out var round) || round.Work != work) return null;
            round.UsedAt = time.GetTimestamp();
            return round.Answers.GetValueOrDefault(judge);
        }
    }

    public void Keep(WorkKey? work, PromptStyle judge, JudgeAnswer answer)
    {
        if (work is null) return;
        lock (_lock)
        {
            DropOld();
            if (!_rounds.TryGetValue(work.Job, out var round) || round.Work != work)
                _rounds[work.Job] = round = new Round(work, []);
            round.UsedAt = time.GetTimestamp();
            round.Answers[judge] = answer;
            if (_rounds.Count > MostJobs) _rounds.Remove(_rounds.MinBy(static one => one.Value.UsedAt).Key);
        }
    }

    /// <summary>The job's round is over, or the job is.</summary>
    public void Forget(Guid job)
    {
        lock (_lock)
        {
            _rounds.Remove(job);
            DropOld();
        }
    }

    private void DropOld()
    {
        if (_rounds.Count == 0) return;
        foreach (var (job, round) in _rounds)
            if (time.GetElapsedTime(round.UsedAt) > Life) _rounds.Remove(job);
    }
}
