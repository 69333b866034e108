using System.Security.Cryptography;
using System.Text;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// The print of a work, with whom it was first delivered to and for which task: the same worker may not sell it again
/// to another buyer as the answer to another question. Works that are alike by nature have none.
/// </summary>
public sealed record DeliveredWork
{
    /// <summary>A file must be as large as this to have a print: smaller ones may be alike by chance.</summary>
    public const int FileBytesLeast = 1_024;
    private const int PrintBytes = 16;

    public required Guid Worker { get; init; }

    /// <summary>The first 16 bytes of the SHA-256 of the work's canonical bytes, or of the file's.</summary>
    public required byte[] Print { get; init; }
    public required Guid JobId { get; init; }
    public required Guid BuyerOwner { get; init; }

    /// <summary>A print of what was asked for: whoever is asked the same may answer the same.</summary>
    public required byte[] Task { get; init; }
    public required long AtUs { get; init; }

    /// <summary>Worker and print as one value that can be compared.</summary>
    public object Key => KeyOf(Worker, Print);

    public static object KeyOf(Guid worker, byte[] print) => (worker, Convert.ToHexString(print));

    /// <summary>
    /// The print, or null for what may well be the same twice: fewer than <see cref="Fingerprint.WordsLeast"/> words,
    /// or a small file.
    /// </summary>
    public static byte[]? PrintOf(Deliverable work)
    {
        if (WrappedFile.Unwrap(work) is var (file, _))
            return file.Bytes < FileBytesLeast ? null : Convert.FromHexString(file.Sha256)[..PrintBytes];
        return Fingerprint.IsLongEnough(work.Text) ? work.Hash[..PrintBytes] : null;
    }

    public static byte[] TaskOf(Job job, JobTerms terms) => SHA256.HashData(
        Encoding.UTF8.GetBytes($"{job.Title}\0{terms.Description}\0{terms.TaskSpec}"))[..PrintBytes];

    /// <summary>True when handing the same work in for this job would sell it twice.</summary>
    public bool IsSoldAgain(Job job, byte[] task) =>
        job.BuyerOwner != BuyerOwner && !task.AsSpan().SequenceEqual(Task);
}
