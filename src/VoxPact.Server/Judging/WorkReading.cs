using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Files;
using VoxPact.Server.Judging.Reading;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Judging;

/// <summary>Fetches what a submission consists of: the deliverable, and the files handed in with it.</summary>
internal sealed class WorkReading(IStore store, IFileStore files, FileReading reading)
{
    public async Task<JudgedWork> OfAsync(Submission submission, CancellationToken stop)
    {
        var uploaded = new List<(DeliveredFile, OpenFile)>();
        if (submission.Files is { } ids)
        {
            var wanted = ids.Split(' ').ToHashSet(StringComparer.Ordinal);
            foreach (var (_, _, file) in await store.QueryAsync(FileQueries.OfJob(submission.JobId), stop))
                if (file is { Sha256: { } hash } && wanted.Contains(Id.Format(Id.File, file.Id)))
                    uploaded.Add((file.AsDelivered(), late => files.OpenAsync(file.Id, hash, late)));
        }
        return await JudgedWork.ReadAsync(Deliverable.Stored(submission.Deliverable), uploaded, reading, stop);
    }
}
