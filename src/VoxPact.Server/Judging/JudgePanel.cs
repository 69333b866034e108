using Microsoft.Extensions.AI;
using VoxPact.Domain;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Server.Judging;

/// <summary>
/// Asks two judges about one submission, in parallel and independently: each has its own prompt and its own
/// marker. It
/// keeps nothing and decides nothing; an outage is reported as such and is never an opinion.
/// </summary>
internal sealed class JudgePanel(Judge first, Judge second, TimeSpan timeout, TimeProvider time)
{
    private const int AnswerTokens = 2_000;

    /// <summary>The judges' public names and models, in the order of the opinions.</summary>
    public IReadOnlyList<Judge> Judges { get; } = [first, second];

    public async Task<PanelResult> AskAsync(JudgingRequest request, CancellationToken cancel)
    {
        Task<(JudgeAnswer?, UnreachableJudge?)>[] asked =
            [.. Judges.Select(judge => AskOneAsync(judge, request, cancel))];
        var answers = new List<JudgeAnswer>();
        var unreachable = new List<UnreachableJudge>();
        foreach ((JudgeAnswer? answer, UnreachableJudge? missing) in await Task.WhenAll(asked))
        {
            if (answer is not null) answers.Add(answer);
            if (missing is not null) unreachable.Add(missing);
        }
        return new PanelResult(answers, unreachable);
    }

    private async Task<(JudgeAnswer?, UnreachableJudge?)> AskOneAsync(
        Judge judge, JudgingRequest request, CancellationToken cancel)
    {
        var fence = new PromptFence();
        List<ChatMessage> prompt = JudgePrompt.Write(request, judge.Style, fence);
        var options = new ChatOptions
        {
            ResponseFormat = AnswerReader.Format,
            MaxOutputTokens = AnswerTokens,
        };
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            // WaitAsync as well: a client that ignores its token must not hold the job.
            Task<ChatResponse> asking = judge.Client.GetResponseAsync(prompt, options, either.Token);
            ChatResponse response = await asking.WaitAsync(either.Token);
            JudgeAnswer answer = AnswerReader.Read(judge, response, fence.Marker);
            return (JudgePrompt.IsCut(request) ? NeverSure(answer) : answer, null);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            string why = $"{judge.Name} did not answer within {(long)timeout.TotalSeconds} seconds.";
            return (null, new UnreachableJudge(judge.Name, why, e));
        }
        catch (Exception e)
        {
            // Whatever a provider's library throws is an outage: it neither passes nor fails anybody's work.
            string why = $"{judge.Name} could not be reached ({e.GetType().Name}).";
            return (null, new UnreachableJudge(judge.Name, why, e));
        }
    }

    /// <summary>A pass on a work of which only the beginning was seen counts as unsure.</summary>
    private static JudgeAnswer NeverSure(JudgeAnswer answer)
    {
        if (!answer.Opinion.Pass) return answer;
        string reason =
            $"Only the first {JudgePrompt.WorkChars} characters were judged, so this is not certain.";
        return answer with
        {
            Opinion = answer.Opinion with
            {
                Confidence = BasisPoints.Zero,
                Reasons = [reason, .. answer.Opinion.Reasons],
            },
        };
    }
}
