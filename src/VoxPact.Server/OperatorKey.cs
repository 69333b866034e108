using System.Security.Cryptography;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server;

/// <summary>The operator's credential: made at first start, printed once, kept only as a keyed hash.</summary>
internal static class OperatorKey
{
    public const string SettingKey = "operator_key_hash";

    /// <summary>
    /// The key that the last rotation killed: it can replay that rotation's answer and do nothing else.
    /// </summary>
    public const string KilledSettingKey = "operator_key_killed_hash";

    /// <summary>The key when this very start made it, else null.</summary>
    public static async Task<string?> EnsureAsync(Engine.Engine engine, byte[] pepper)
    {
        string key = Create();
        string hash = HashOf(key, pepper);
        return (await engine.RunWorkAsync(new KeepFirst(new Setting(SettingKey, hash)))).Value is true ? key : null;
    }

    public static string Create() =>
        ApiKey.Create(ApiKey.OperatorPrefix, RandomNumberGenerator.GetBytes(ApiKey.RandomBytes));

    /// <summary>As the settings keep it.</summary>
    public static string HashOf(string key, byte[] pepper) => Convert.ToHexString(ApiKey.Hash(key, pepper));

    /// <summary>Stores a setting unless there is one; tells whether it did.</summary>
    internal sealed class KeepFirst(Setting setting) : Command
    {
        public override void Need(LoadPlan plan) => plan.SettingsToChange.Add(setting.Key);

        public override Ruling Decide(Snapshot rows, DecisionContext context) =>
            rows.Settings.Find(setting.Key) is { } known
                ? Reply.Holding(known.Value == setting.Value ? null : false)
                : new Ruling(new Decision(), Reply.Holding(true)) { Log = { new Row(setting, RowChange.Insert) } };
    }
}
