using System.Text;
using System.Text.Json;

namespace VoxPact.Server.Judging;

/// <summary>What can be counted about a work and its task without understanding either.</summary>
internal sealed record WorkFeatures
{
    private const int StemChars = 5;

    private static readonly HashSet<string> Stopwords =
    [
        .. ("about above after again also because been before being below between both could does doing "
            + "down during each from further have having here into itself just like more most must need "
            + "only other over please same should some such than that their them then there these they "
            + "this those through under until very want were what when where which while will with would "
            + "your").Split(' '),
    ];

    private const int ProseWords = 8;
    private const int EchoPercent = 70;
    private const int EchoTenths = 8;

    /// <summary>English, German, French, Spanish, Italian, Portuguese, Dutch, Polish.</summary>
    private static readonly HashSet<string> SmallWords =
    [
        .. ("the of and to in is it for on with that was are as by at from this be or an not his her they we you "
            + "der die das und ist im den von zu mit für auf ein eine nicht es sie wir le la les et est un une des du "
            + "que en dans pour el los las y es por con una del se il di che è per sono o um uma os na da do não de "
            + "het een van dat niet op te w i z na się jest to nie").Split(' '),
    ];

    private const int QuotedWords = 8;
    private const int QuotedPercent = 95;
    private const int LittleWords = 9;
    private const int ManyKeywords = 8;
    private const string Code = "(){}[]<>=;^$\\|/`";

    private static readonly HashSet<string> Nothing =
        new(["", "?", "??", "???", "none", "unknown", "n/a", "na", "null", "xxx", "0", "-", "0000-00-00", "tbd"],
            StringComparer.OrdinalIgnoreCase);

    private const string Ends = ".!?…。)};";

    private WorkFeatures(string work, string task)
    {
        (string text, Leaves, Blank) = Unfold(work);
        List<string> words = Words(text);
        HashSet<string> asked =
            [.. Words(task).Where(static w => IsContent(w) && !Stopwords.Contains(w)).Select(Stem)];
        HashSet<string> given = [.. words.Select(Stem), .. PairsOf(text)];
        Chars = text.Count(static c => !char.IsWhiteSpace(c));
        WordCount = words.Count;
        Keywords = asked.Count;
        Shared = asked.Count(given.Contains);
        Distinct = Percent(words.Select(Stem).Distinct().Count(), words.Count);
        Wordlike = Shared == 0 && IsNobodysProse(text, words)
            ? 0
            : Percent(words.Count(IsWordlike), words.Count);
        Shaped = Leaves > 1 || text.Contains('\n') || (text.TrimEnd() is [.., var end] && Ends.Contains(end));
        List<string> taskWords = Words(task);
        Copied = Overlap(words, taskWords);
        IsQuotation = words.Count >= QuotedWords && Copied >= QuotedPercent;
        string[] sentences = [.. text.Split(['.', '!', '?', '\n']).Select(static s => string.Join(' ', Words(s)))
            .Where(static s => s.Contains(' '))];
        Repeated = Percent(sentences.Length - sentences.Distinct().Count(), sentences.Length);
        LengthFault = LengthAsked.Fault(task, words.Count, text.Split('\n').Count(static s => s.Trim().Length > 0));
        SaysLittle = words.Count < LittleWords && Leaves < 2 && Keywords >= ManyKeywords && !text.Any(Code.Contains);
        IsEcho = Copied >= EchoPercent && words.Count * 10 >= taskWords.Count * EchoTenths;
    }

    /// <summary>All of it stands in the task, word by word, though the task says more.</summary>
    public bool IsQuotation { get; }

    /// <summary>Percentage of the sentences that stand there already.</summary>
    public int Repeated { get; }

    /// <summary>How it breaks the length that the task names; null when it does not.</summary>
    public string? LengthFault { get; }

    /// <summary>A handful of words, none of them code or data, for a task that has much to say.</summary>
    public bool SaysLittle { get; }

    /// <summary>Of <see cref="Leaves"/> those that say nothing: unknown, none, question marks, zero.</summary>
    public int Blank { get; }

    /// <summary>Visible characters.</summary>
    public int Chars { get; }
    public int WordCount { get; }

    /// <summary>Values with content, when the work is a JSON object; otherwise 0.</summary>
    public int Leaves { get; }

    /// <summary>
    /// Different content words of the task, by their beginnings, and how many of them the work has.
    /// </summary>
    public int Keywords { get; }
    public int Shared { get; }

    /// <summary>Something of the task's content occurs.</summary>
    public bool Related => Shared > 0;

    /// <summary>False when the task has no key words, so that nothing can be said about relation.</summary>
    public bool CanRelate => Keywords > 0;

    /// <summary>
    /// Percentages of the words: different ones, pronounceable ones, and three in a row from the task.
    /// </summary>
    public int Distinct { get; }
    public int Wordlike { get; }
    public int Copied { get; }

    /// <summary>
    /// Most of it stands in the task already, and most of the task in it: a summary may quote, an echo does nothing
    /// else.
    /// </summary>
    public bool IsEcho { get; }

    /// <summary>Sentences, lines, code or fields rather than a bare string of words.</summary>
    public bool Shaped { get; }

    public static WorkFeatures Of(string work, string task) => new(work, task);

    private static int Percent(int part, int whole) => whole == 0 ? 0 : part * 100 / whole;

    private static string Stem(string word) =>
        word.Length > StemChars ? word[..StemChars] : word.TrimEnd('s');

    /// <summary>Lower-case words; a script without spaces yields one word for every two characters.</summary>
    internal static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool part = Rune.IsLetterOrDigit(rune);
            if (part) word.Append(Rune.ToLowerInvariant(rune).ToString());
            if (word.Length > 0 && (!part || (rune.Value >= 0x2E80 && word.Length >= 2))) Flush();
        }
        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    /// <summary>
    /// A word that somebody could say: for Latin letters a vowel, and no long run of consonants.
    /// </summary>
    private static bool IsWordlike(string word)
    {
        if (word.Any(static c => c > 0x7F || char.IsDigit(c)) || word.Length < 3) return true;
        int run = 0;
        bool vowel = false;
        foreach (char c in word)
        {
            bool isVowel = "aeiouy".Contains(c);
            vowel |= isVowel;
            run = isVowel ? 0 : run + 1;
            if (run > 4) return false;
        }
        return vowel || word.Length == 3;
    }

    /// <summary>A word that names something: of four letters, or two signs of a script without spaces.</summary>
    private static bool IsContent(string word) => word.Length > 3 || (word.Length == 2 && word[0] >= 0x2E80);

    /// <summary>Every two neighbours of a script without spaces, since nobody says where its words begin.</summary>
    private static IEnumerable<string> PairsOf(string text)
    {
        for (int i = 0; i + 1 < text.Length; i++)
            if (text[i] >= 0x2E80 && text[i + 1] >= 0x2E80 && char.IsLetter(text[i]) && char.IsLetter(text[i + 1]))
                yield return text[i..(i + 2)];
    }

    /// <summary>Running Latin text without one of the small words that every language has.</summary>
    private static bool IsNobodysProse(string text, List<string> words)
    {
        if (words.Count < ProseWords || words.Any(static word => word.Any(static c => c > 0x24F))) return false;
        int letters = text.Count(static c => char.IsLetter(c) || c is ' ' or '.' or ',' or '\n');
        return letters * 100 >= text.Length * 95 && !words.Any(SmallWords.Contains);
    }

    private static int Overlap(List<string> work, List<string> task)
    {
        if (work.Count < 6) return 0;
        HashSet<(string, string, string)> known = [.. Triples(task)];
        return Percent(Triples(work).Count(known.Contains), work.Count - 2);
    }

    private static IEnumerable<(string, string, string)> Triples(List<string> words)
    {
        for (int i = 0; i + 2 < words.Count; i++) yield return (words[i], words[i + 1], words[i + 2]);
    }

    private static (string Text, int Leaves, int Blank) Unfold(string work)
    {
        if (!work.StartsWith('{')) return (work, 0, 0);
        try
        {
            using JsonDocument document = JsonDocument.Parse(work);
            var text = new StringBuilder();
            var (leaves, blank) = Collect(document.RootElement, text);
            return (text.ToString(), leaves, blank);
        }
        catch (JsonException)
        {
            return (work, 0, 0);
        }
    }

    /// <summary>How many values have content, and how many only pretend to.</summary>
    private static (int Leaves, int Blank) Collect(JsonElement element, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = (Leaves: 0, Blank: 0);
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    text.Append(member.Name.Replace('_', ' ')).Append(": ");
                    var (leaves, blank) = Collect(member.Value, text);
                    members = (members.Leaves + leaves, members.Blank + blank);
                }
                return members;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(item => Collect(item, text))
                    .Aggregate((Leaves: 0, Blank: 0), (sum, one) => (sum.Leaves + one.Leaves, sum.Blank + one.Blank));
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return (0, 1);
            default:
                string value = element.ToString();
                text.Append(value).Append(".\n");
                return (string.IsNullOrWhiteSpace(value) ? 0 : 1, Nothing.Contains(value.Trim()) ? 1 : 0);
        }
    }
}
