using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/jobs/{id}/submit</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SubmitRequest
{
    /// <summary>The work: a string or an object, of at most 1 MB.</summary>
    public required JsonElement Deliverable { get; init; }

    /// <summary>A word to the buyer; the judges do not see it.</summary>
    public string? Message { get; init; }

    /// <summary>A submission of text.</summary>
    public static SubmitRequest Text(string deliverable, string? message = null) => new()
    {
        Deliverable = JsonSerializer.SerializeToElement(deliverable, VoxPactJson.Default.String),
        Message = message,
    };
}

/// <summary>One submission with its verdict, for the two parties.</summary>
public sealed record SubmissionResource
{
    /// <summary>The job it belongs to, <c>job_…</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>The work as it was sent.</summary>
    public JsonElement? Deliverable { get; init; }

    /// <summary>SHA-256 of the work's canonical bytes, in hex; the verdict is bound to it.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The worker's word to the buyer.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// Uploaded files that were handed in with it, <c>file_…</c>: those with the purpose <c>deliverable</c> that were
    /// confirmed before; of several with one name the newest. Absent without any.
    /// </summary>
    public IReadOnlyList<string>? FileIds { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>What the judges said; absent while they have not.</summary>
    public VerdictResource? Verdict { get; init; }
}

/// <summary>What two judges together said of one submission.</summary>
public sealed record VerdictResource
{
    /// <summary><c>pass</c>, <c>fail</c>, <c>unsure</c> or <c>suspect</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The submission it is about; 1 for the first.</summary>
    public int? Submission { get; init; }

    /// <summary>SHA-256 of the work that was judged, in hex: the verdict counts for no other.</summary>
    public string? DeliverableSha256 { get; init; }

    /// <summary>Sentences for the parties.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The files that were judged with the work, and how much of each; absent without any.</summary>
    public IReadOnlyList<JudgedFileResource>? Files { get; init; }

    /// <summary>What the worker should do about it, most pressing first; absent when there is nothing.</summary>
    public IReadOnlyList<TodoItem>? Todo { get; init; }

    /// <summary>Each judge's own opinion.</summary>
    public required IReadOnlyList<JudgeOpinion> Judges { get; init; }

    /// <summary>When the verdict was in; the review's hours count from here.</summary>
    public DateTimeOffset? JudgedAt { get; init; }
}

/// <summary>A file of a judged work.</summary>
public sealed record JudgedFileResource
{
    /// <summary>Its name.</summary>
    public required string Filename { get; init; }

    /// <summary>SHA-256 of its bytes, in hex: the verdict counts for no other.</summary>
    public required string Sha256 { get; init; }

    /// <summary>As what its text was read: <c>text</c>, <c>pdf</c>, <c>docx</c>, <c>xlsx</c>, or <c>none</c>.</summary>
    public required string ReadAs { get; init; }

    /// <summary>
    /// What of it the judges did not see, each completing "The file …". A work with such a part never passes by itself.
    /// </summary>
    public required IReadOnlyList<string> Unseen { get; init; }
}

/// <summary>One thing for the worker to do before submitting again.</summary>
public sealed record TodoItem
{
    /// <summary>What to do, in a sentence.</summary>
    public required string What { get; init; }

    /// <summary>The criterion it belongs to, as the judge named it; absent for a reason in general.</summary>
    public string? Criterion { get; init; }

    /// <summary>The judges who ask for it.</summary>
    public required IReadOnlyList<string> By { get; init; }
}

/// <summary>What a judge found about one criterion.</summary>
public sealed record JudgeFinding
{
    /// <summary>
    /// The criterion: a line of the job's rubric as it stands there, or something else in the judge's words.
    /// </summary>
    public required string Criterion { get; init; }

    /// <summary>Whether the work meets it.</summary>
    public required bool Met { get; init; }

    /// <summary>Why.</summary>
    public required string Note { get; init; }
}

/// <summary>One judge's opinion.</summary>
public sealed record JudgeOpinion
{
    /// <summary>The judge's name as the platform publishes it.</summary>
    public required string Name { get; init; }

    /// <summary>The model behind the judge; the sandbox's judges say that they have none.</summary>
    public string? Model { get; init; }

    /// <summary>Whether it passes the work; absent when its answer was malformed or refused.</summary>
    public bool? Pass { get; init; }

    /// <summary>0 to 1 in steps of 0.0001; absent as above.</summary>
    public decimal? Confidence { get; init; }

    /// <summary>Its reasons, in its own words.</summary>
    public IReadOnlyList<string>? Reasons { get; init; }

    /// <summary>What it found by criterion.</summary>
    public IReadOnlyList<JudgeFinding>? Findings { get; init; }

    /// <summary>
    /// What was wrong with its answer: <c>malformed</c>, <c>refused</c> or <c>suspicious</c>; absent when nothing.
    /// </summary>
    public string? Flaw { get; init; }

    /// <summary>Which wording of the prompts it was asked with.</summary>
    public string? PromptVersion { get; init; }

    /// <summary>Tokens it read, as the provider counts them; absent when it does not say.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Tokens it wrote.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>What that cost by the configured prices, in the server's currency; an estimate.</summary>
    public decimal? CostEstimate { get; init; }

    /// <summary>How long the answer took.</summary>
    public long? LatencyMs { get; init; }
}

/// <summary>
/// The answer of the operator's <c>GET /v1/operator/jobs/{id}/recommendation</c>: a third opinion on a dispute. It is
/// advice; only the arbiter decides.
/// </summary>
public sealed record RecommendationResource
{
    /// <summary>The disputed job, <c>job_…</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>The submission it is about.</summary>
    public required int Submission { get; init; }

    /// <summary>
    /// <c>release</c>, <c>refund</c>, or <c>nothing</c> when the adviser's answer cannot be used, or the limit on
    /// judging the job let nobody be asked: its reasons say which.
    /// </summary>
    public required string Recommends { get; init; }

    /// <summary>The adviser's opinion, its pass meaning release, with model, prompt, findings and reasons.</summary>
    public required JudgeOpinion Adviser { get; init; }

    /// <summary>Signs that the work, the job's text or what one side says tries to steer judges or adviser.</summary>
    public required IReadOnlyList<string> Suspicions { get; init; }

    /// <summary>How many pieces of evidence there were when it was made; what came later it does not know.</summary>
    public int Evidence { get; init; }

    /// <summary>What of the work and the evidence the adviser did not see; absent when it saw everything.</summary>
    public IReadOnlyList<string>? Unseen { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
