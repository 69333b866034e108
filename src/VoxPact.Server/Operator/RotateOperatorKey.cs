using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Work;

namespace VoxPact.Server.Operator;

/// <summary>
/// A new operator's key for the old one, which is dead on every node when the answer leaves. With an Idempotency-Key
/// the old key can replay this one answer; whoever lost it has <c>voxpact rotate-operator-key</c>.
/// </summary>
internal static class RotateOperatorKey
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        if (await call.RefuseUnlessOperatorAsync(orTheLast: true) is { } notOperator)
            return Reply.Refused(notOperator);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(OperatorKey.Create(), call.Deployment.Pepper)
        {
            OperatorKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    /// <summary>
    /// For whoever works on this machine with the server's own files: gives the new key. On SQLite no server may run on
    /// the folder meanwhile; on PostgreSQL any number may, and the old key is dead for all of them.
    /// </summary>
    public static async Task<string> RunAsync(ServerOptions options, CancellationToken stop = default)
    {
        byte[] pepper = Startup.ExistingPepper(options) ?? throw new BadSettings(
            $"There is no pepper in {options.Data}; name its folder with --data, or give --pepper.");
        if (!Startup.HasDatabase(options))
            throw new BadSettings($"There is no database in {options.Data}; name it with --data or --database.");
        using var folder = FolderLock.Take(options);
        await using var store = Startup.OpenStore(options);
        store.Migrate();
        var clock = new BusinessClock(TimeProvider.System);
        await Startup.ReadClockAsync(store, clock, stop);
        var chain = new CommitChain(CommitChain.KeyFrom(pepper), await store.RegisterNodeAsync(clock.RealNowUs, stop));
        await using var engine = new Engine.Engine(
            store, clock, new Policy { Currency = options.Currency, CurrencyDecimals = options.CurrencyDecimals },
            new Signals(), chain, new SecretSeal(pepper), clockMoves: options.EffectiveMode is Mode.Sandbox,
            sabotage: null, Microsoft.Extensions.Logging.Abstractions.NullLogger<Engine.Engine>.Instance);
        await engine.StartAsync(stop);
        string key = OperatorKey.Create();
        await engine.RunWorkAsync(new Command(key, pepper) { OperatorKey = null });
        return key;
    }

    private sealed class Command(string key, byte[] pepper) : OperatorCommand(
        new OperatorAct("rotate_operator_key", FactData.None))
    {
        protected override void NeedToAct(LoadPlan plan) =>
            plan.SettingsToChange.Add(Server.OperatorKey.KilledSettingKey);

        protected override Ruling Act(Snapshot rows, DecisionContext context)
        {
            var ruling = new Ruling(new Decision(),
                Answers.Ok(new RotatedKey { ApiKey = key }, VoxPactJson.Wire.EnvelopeRotatedKey));
            if (rows.Settings.Find(Server.OperatorKey.SettingKey) is { } killed)
                ruling.Log.Add(Set(rows, Server.OperatorKey.KilledSettingKey, killed.Value));
            ruling.Log.Add(Set(rows, Server.OperatorKey.SettingKey, Server.OperatorKey.HashOf(key, pepper)));
            return ruling;
        }

        private static Row Set(Snapshot rows, string name, string value) => new(new Setting(name, value),
            rows.Settings.Find(name) is null ? RowChange.Insert : RowChange.Update);
    }
}
