using Microsoft.Extensions.AI;
using Polly.CircuitBreaker;
using VoxPact.Domain;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Server.Judging;

/// <summary>
/// Asks two judges about one submission, in parallel and independently: each has its own prompt and its own
/// marker. It decides nothing; an outage is reported as such and is never an opinion.
/// </summary>
internal sealed class JudgePanel(Judge first, Judge second, TimeProvider time)
{
    private const decimal PerMillion = 1_000_000;
    private const int CostDecimals = 6;
    private const int UnseenReasons = 10;

    /// <summary>The judges' public names and models, in the order of the opinions.</summary>
    public IReadOnlyList<Judge> Judges { get; } = [first, second];

    /// <summary>What is kept while one of them is away; whoever asks says when a job's round is over.</summary>
    public EarlyAnswers Early { get; } = new(time);

    /// <summary>Who advises the arbiter in a dispute; null when nobody does.</summary>
    public Judge? Adviser { get; init; }

    public async Task<PanelResult> AskAsync(JudgingRequest request, CancellationToken cancel)
    {
        Task<Asked>[] asked = [.. Judges.Select(judge => AskOnceAsync(judge, request, cancel))];
        var answers = new List<JudgeAnswer>();
        var given = new List<JudgeAnswer>();
        var unreachable = new List<UnreachableJudge>();
        foreach (var (answer, missing, isNew) in await Task.WhenAll(asked))
        {
            if (answer is not null) answers.Add(answer);
            if (answer is not null && isNew) given.Add(answer);
            if (missing is not null) unreachable.Add(missing);
        }
        if (unreachable.Count > 0)
            foreach (var (judge, one) in Judges.Zip(asked))
                if ((await one).Answer is { } early) Early.Keep(request.Key, judge.Style, early);
        return new PanelResult(answers, unreachable) { New = given };
    }

    private sealed record Asked(JudgeAnswer? Answer, UnreachableJudge? Missing, bool IsNew);

    private async Task<Asked> AskOnceAsync(Judge judge, JudgingRequest request, CancellationToken cancel)
    {
        if (Early.Find(request.Key, judge.Style) is { } known) return new Asked(known, null, false);
        var (answer, missing) = await AskOneAsync(judge, request, cancel);
        return new Asked(answer, missing, true);
    }

    /// <summary>One judge alone, under the same rules.</summary>
    public async Task<(JudgeAnswer? Answer, UnreachableJudge? Unreachable)> AskOneAsync(
        Judge judge, JudgingRequest request, CancellationToken cancel)
    {
        var (answer, missing) = await TryAskAsync(judge, request, cancel);
        if (missing is null) judge.Guard?.Answered();
        else if (missing.Error is not BrokenCircuitException) judge.Guard?.Failed(missing.Why);
        return (answer, missing);
    }

    private async Task<(JudgeAnswer?, UnreachableJudge?)> TryAskAsync(
        Judge judge, JudgingRequest request, CancellationToken cancel)
    {
        var fence = new PromptFence();
        List<ChatMessage> prompt = JudgePrompt.Write(request, judge.Style, fence);
        using var late = new CancellationTokenSource(judge.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        long asked = time.GetTimestamp();
        try
        {
            // WaitAsync as well: a client that ignores its token must not hold the job.
            Task<ChatResponse> AskAsync(CancellationToken stop) =>
                judge.Client.GetResponseAsync(prompt, OptionsFor(judge.Settings), stop).WaitAsync(stop);
            ChatResponse response = judge.Guard is { } guard
                ? await guard.RunAsync(AskAsync, either.Token)
                : await AskAsync(either.Token);
            JudgeAnswer answer = AnswerReader.Read(judge, response, fence.Marker, request.Rubric) with
            {
                LatencyMilliseconds = (long)time.GetElapsedTime(asked).TotalMilliseconds,
            };
            answer = answer with { Cost = CostOf(answer, judge.Settings) };
            return (request.Work.Unseen is { Count: > 0 } unseen ? NeverSure(answer, unseen) : answer, null);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            return (null, new UnreachableJudge(judge.Name, JudgeOutage.Late(judge), e));
        }
        catch (BrokenCircuitException e)
        {
            return (null, new UnreachableJudge(judge.Name, JudgeOutage.Resting(judge), e));
        }
        catch (Exception e)
        {
            // Whatever a provider's library throws is an outage: it neither passes nor fails anybody's work.
            return (null, new UnreachableJudge(judge.Name, JudgeOutage.Why(judge, e), e));
        }
    }

    private static ChatOptions OptionsFor(JudgeOptions settings) => new()
    {
        ResponseFormat = settings.Answers switch
        {
            JudgeAnswers.Schema => AnswerReader.Format,
            JudgeAnswers.Json => ChatResponseFormat.Json,
            JudgeAnswers.Text => null,
        },
        MaxOutputTokens = settings.MaxOutputTokens,
        Temperature = (float?)settings.Temperature,
    };

    private static decimal? CostOf(JudgeAnswer answer, JudgeOptions prices)
    {
        if ((prices.InputPrice ?? prices.OutputPrice) is null) return null;
        decimal cost = ((answer.InputTokens ?? 0) * (prices.InputPrice ?? 0)
            + (answer.OutputTokens ?? 0) * (prices.OutputPrice ?? 0)) / PerMillion;
        return decimal.Round(cost, CostDecimals, MidpointRounding.ToPositiveInfinity);
    }

    /// <summary>A pass on a work of which not everything was seen counts as unsure.</summary>
    private static JudgeAnswer NeverSure(JudgeAnswer answer, IReadOnlyList<string> unseen)
    {
        if (!answer.Opinion.Pass) return answer;
        return answer with
        {
            Opinion = answer.Opinion with
            {
                Confidence = BasisPoints.Zero,
                Reasons = [.. unseen.Take(UnseenReasons), .. answer.Opinion.Reasons],
            },
        };
    }
}
