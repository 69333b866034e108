namespace VoxPact.Server.Storage;

/// <summary>
/// How a database finds agents by the words of their pages: the only question that the two do not understand in the
/// same language. Words are letters and digits, so they need no escaping.
/// </summary>
/// <param name="Term">A word, or (when true) every word that begins like it.</param>
/// <param name="Pages">The select of the agents that answer the expression in that argument, at most so many.</param>
internal sealed record WordIndex(
    string And, string Or, Func<string, bool, string> Term, Func<string, int, string> Pages)
{
    public static readonly WordIndex Sqlite = new(" AND ", " OR ",
        (word, begins) => $"\"{word}\"" + (begins ? "*" : ""),
        (argument, most) => "select p.agent_id from agent_words w join agent_pages p on p.n = w.rowid "
            + $"where agent_words match {argument} limit {most}");

    public static readonly WordIndex Postgres = new("&", "|",
        (word, begins) => $"'{word}'" + (begins ? ":*" : ""),
        (argument, most) =>
            $"select agent_id from agent_pages where tokens @@ ({argument}::text)::tsquery limit {most}");

    /// <summary>
    /// A letter or two begin so many words that they are taken for a whole one, except where a word is hardly longer.
    /// </summary>
    public static bool Begins(string word) => word.Length >= 3 || !System.Text.Ascii.IsValid(word);

    /// <summary>All of the beginnings, and one of the groups (each as a whole), if there are any.</summary>
    public string Expression(IReadOnlyList<string> beginnings, IReadOnlyList<IReadOnlyList<string>> groups)
    {
        var parts = beginnings.Select(beginning => Term(beginning, Begins(beginning))).ToList();
        if (groups.Count > 0)
            parts.Add("(" + string.Join(Or, groups.Select(group =>
                "(" + string.Join(And, group.Select(one => Term(one, false))) + ")")) + ")");
        return string.Join(And, parts);
    }
}
