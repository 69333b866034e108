using System.Numerics;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// Tells whether two works are the same work: a print of 64 bits that similar texts nearly share (Charikar's simhash
/// over runs of three words) finds candidates, comparing the runs themselves confirms them.
/// </summary>
public static class Fingerprint
{
    /// <summary>Shorter works are alike by nature: a label, a number, a sentence.</summary>
    public const int WordsLeast = 40;

    /// <summary>Prints of unrelated texts differ in about 32 bits; of a text and its light edit, in a few.</summary>
    public const int BitsMost = 14;

    /// <summary>Of all runs of three words in either work, so many percent stand in both.</summary>
    public const int SamePercent = 70;
    private const int Run = 3;

    /// <summary>The work's print; null when it is too short to have one.</summary>
    public static long? Of(string work)
    {
        string[] words = WordsOf(work);
        if (words.Length < WordsLeast) return null;
        Span<int> votes = stackalloc int[64];
        foreach (ulong run in Runs(words))
            for (int bit = 0; bit < 64; bit++) votes[bit] += (run >> bit & 1) == 1 ? 1 : -1;
        ulong print = 0;
        for (int bit = 0; bit < 64; bit++)
            if (votes[bit] > 0) print |= 1UL << bit;
        return unchecked((long)print);
    }

    /// <summary>False for works that are alike by nature.</summary>
    public static bool IsLongEnough(string work) => WordsOf(work).Length >= WordsLeast;

    /// <summary>True when two prints may belong to the same work.</summary>
    public static bool IsNear(long one, long other) =>
        BitOperations.PopCount(unchecked((ulong)(one ^ other))) <= BitsMost;

    /// <summary>True when the works share nearly all of their wording.</summary>
    public static bool IsSame(string one, string other)
    {
        HashSet<ulong> first = [.. Runs(WordsOf(one))];
        HashSet<ulong> second = [.. Runs(WordsOf(other))];
        int both = first.Count(second.Contains);
        int either = first.Count + second.Count - both;
        return either > 0 && both * 100 >= either * SamePercent;
    }

    private static string[] WordsOf(string work) =>
        EmptyWork.Normalize(work).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<ulong> Runs(string[] words)
    {
        for (int i = 0; i + Run <= words.Length; i++)
        {
            // FNV-1a, then SplitMix64's finalizer: FNV's high bits alone move too little.
            ulong hash = 14_695_981_039_346_656_037;
            for (int word = i; word < i + Run; word++)
            {
                foreach (char letter in words[word]) hash = unchecked((hash ^ letter) * 1_099_511_628_211);
                hash = unchecked((hash ^ ' ') * 1_099_511_628_211);
            }
            unchecked
            {
                hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
                hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
            }
            yield return hash ^ (hash >> 31);
        }
    }
}
