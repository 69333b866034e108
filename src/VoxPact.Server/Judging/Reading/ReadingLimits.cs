namespace VoxPact.Server.Judging.Reading;

/// <summary>How much is read of the files of one work. What is beyond a bound is named as unseen.</summary>
internal static class ReadingLimits
{
    /// <summary>A larger file is known by its name, type, size and hash only.</summary>
    public const int FileBytes = 20 * 1024 * 1024;

    /// <summary>As much as the detector looks at: twice what judges are shown.</summary>
    public const int TextChars = 2 * JudgePrompt.WorkChars;
    public const int Pages = 200;
    public const int Files = 20;

    /// <summary>XML of one part of an office document, once it is unpacked.</summary>
    public const int PartChars = 8 * 1024 * 1024;

    /// <summary>The heap of the process that reads a document; beyond it that process ends, and no other.</summary>
    public const long HeapBytes = 512L * 1024 * 1024;

    /// <summary>How much that process may answer, as JSON.</summary>
    public const int AnswerChars = 16 * TextChars;

    /// <summary>For one file, in real time, and for all files of one work.</summary>
    public static readonly TimeSpan FileTime = TimeSpan.FromSeconds(20);
    public static readonly TimeSpan WorkTime = TimeSpan.FromSeconds(60);

    /// <summary>Fewer letters than these may be an accident of layout.</summary>
    public const int HiddenLetters = 8;
}
