using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Jobs;

/// <summary>A submission and its verdict as the API shows them.</summary>
internal static class SubmissionView
{
    public static SubmissionResource Of(Submission submission) => new()
    {
        JobId = Id.Format(Id.Job, submission.JobId),
        Number = submission.Number,
        Deliverable = JsonElement.Parse(submission.Deliverable),
        Sha256 = Convert.ToHexStringLower(submission.Hash),
        Message = submission.Message,
        FileIds = submission.Files?.Split(' '),
        SubmittedAt = JobView.Time(submission.CreatedUs),
        Verdict = Verdict(submission.Verdict),
    };

    /// <summary>The stored verdict, which is kept in the shape in which it is shown.</summary>
    public static VerdictResource? Verdict(string? stored) =>
        stored is null ? null : JsonSerializer.Deserialize(stored, VoxPactJson.Default.VerdictResource);
}
