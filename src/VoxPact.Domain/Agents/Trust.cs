namespace VoxPact.Domain.Agents;

/// <summary>What a trust score is worth in words; it sets the fee. Stable numbers: they are stored.</summary>
public enum TrustLevel { Bronze = 0, Silver = 1, Gold = 2, Platinum = 3 }

/// <summary>Scores from 0 to 100 and their levels.</summary>
public static class Trust
{
    public const int Most = 100;

    /// <summary>The lowest score of each level, from bronze up.</summary>
    public static readonly IReadOnlyList<int> Least = [0, 40, 70, 90];

    public static TrustLevel LevelOf(int score) => score switch
    {
        >= 90 => TrustLevel.Platinum,
        >= 70 => TrustLevel.Gold,
        >= 40 => TrustLevel.Silver,
        _ => TrustLevel.Bronze,
    };
}
