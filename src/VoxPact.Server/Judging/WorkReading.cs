using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Files;
using VoxPact.Server.Judging.Reading;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Judging;

/// <summary>Fetches what a submission or evidence consists of: what was handed in, and the files with it.</summary>
internal sealed class WorkReading(IStore store, IFileStore files, FileReading reading)
{
    public Task<JudgedWork> OfAsync(Submission submission, CancellationToken stop) => OfAsync(
        Deliverable.Stored(submission.Deliverable), submission.JobId, submission.Files?.Split(' ') ?? [], stop);

    /// <param name="text">What was handed in beside the files.</param>
    /// <param name="job">Whose files they are.</param>
    /// <param name="fileIds">As in <c>file_…</c>.</param>
    /// <param name="stop">Ends it without an answer.</param>
    public async Task<JudgedWork> OfAsync(
        Deliverable text, Guid job, IReadOnlyCollection<string> fileIds, CancellationToken stop)
    {
        var uploaded = new List<(DeliveredFile, OpenFile)>();
        if (fileIds.Count > 0)
        {
            var wanted = fileIds.ToHashSet(StringComparer.Ordinal);
            foreach (var (_, _, file) in await store.QueryAsync(FileQueries.OfJob(job), stop))
                if (file is { Sha256: { } hash } && wanted.Contains(Id.Format(Id.File, file.Id)))
                    uploaded.Add((file.AsDelivered(), late => files.OpenAsync(file.Id, hash, late)));
        }
        return await JudgedWork.ReadAsync(text, uploaded, reading, stop);
    }
}
