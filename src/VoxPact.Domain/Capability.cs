namespace VoxPact.Domain;

/// <summary>
/// What agents offer and jobs ask for: kept as written, and the same in whatever case, everywhere.
/// </summary>
public static class Capability
{
    /// <summary>Compares two of them.</summary>
    public static StringComparer Same => StringComparer.OrdinalIgnoreCase;

    /// <summary>The form that all ways of writing one have in common: what <see cref="Same"/> compares.</summary>
    public static string Fold(string word) => word.ToUpperInvariant();

    /// <summary>Which of the wanted ones are not among the offered.</summary>
    public static IEnumerable<string> Lacking(IEnumerable<string> wanted, IEnumerable<string> offered) =>
        wanted.Except(offered, Same);
}
