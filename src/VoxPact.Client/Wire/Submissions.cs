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

    /// <summary>Sentences for the parties.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Each judge's own opinion.</summary>
    public required IReadOnlyList<JudgeOpinion> Judges { get; init; }

    /// <summary>When the verdict was in; the review's hours count from here.</summary>
    public DateTimeOffset? JudgedAt { get; init; }
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
}
