using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Sqlite;

/// <summary>
/// The one writer of the file. Point reads by key need no round trip here, so rows that are known only through
/// others are simply read after them.
/// </summary>
internal sealed class SqliteLane(string path) : ILane
{
    private static readonly string AnswerSql =
        $"select {LogTables.Answers.Select()} from idempotency where agent_id = $1 and scope = $2";

    private static readonly string NextPartSql =
        $"select {Tables.Parts.Select()} from job_parts where series_id = $1 and number = $2";

    private static readonly string DeliveredSql =
        $"select {Tables.Delivered.Select()} from delivered_works "
        + "where worker_agent = (select worker_agent from jobs where id = $1) and print = $2";

    private static readonly string ClaimWorkSql = ClaimSql.Work("");

    private SqliteConnection? _connection;
    private readonly SqliteCheckpoint _checkpoint = new(path);
    private SqliteWriter? _writer;
    private bool _inTransaction;

    public Task LoadAsync(LoadPlan plan, Snapshot into, CancellationToken cancellation)
    {
        var connection = _connection ??= new SqliteConnection(path, readOnly: false);
        connection.Run("begin immediate");
        _inTransaction = true;
        LoadPeople(connection, plan, into);
        LoadJobs(connection, plan, into);
        LoadOwners(connection, plan, into);
        LoadRest(connection, plan, into);
        LoadWebhooks(connection, plan, into);
        Claim(connection, plan, into);
        if (plan.Forget is { } old) Forget(connection, old, into);
        return Task.CompletedTask;
    }

    public Task CommitAsync(Snapshot changes, Batch? batch, CancellationToken cancellation)
    {
        var connection = _connection!;
        var writer = _writer ??= new SqliteWriter(connection);
        foreach (var shelf in changes.Shelves) shelf.WriteTo(writer);
        if (batch is not null) writer.Insert(LogTables.Batches, [batch]);
        connection.Run("commit");
        _inTransaction = false;
        if (batch is not null) _checkpoint.Committed(connection);
        return Task.CompletedTask;
    }

    public Task ResetAsync()
    {
        if (_inTransaction) _connection!.Run("rollback");
        _inTransaction = false;
        return Task.CompletedTask;
    }

    public Task<bool> HasLandedAsync(Batch batch, CancellationToken cancellation)
    {
        // Give up first: inside the failed transaction its own row would be seen.
        ResetAsync();
        var connection = _connection ??= new SqliteConnection(path, readOnly: false);
        return Task.FromResult(
            connection.Query("select id from batches where id = $1", [batch.Id], row => row.Long(0)).Count > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _checkpoint.DisposeAsync();
        _connection?.Dispose();
    }

    private static void LoadPeople(SqliteConnection connection, LoadPlan plan, Snapshot into)
    {
        foreach (byte[] key in plan.Callers) One(connection, Tables.Agents, "key_hash = $1", key, into.Agents);
        foreach (byte[] key in plan.CallersToChange)
        {
            One(connection, Tables.Agents, "key_hash = $1", key, into.Agents);
            One(connection, Tables.Agents, "previous_key_hash = $1", key, into.Agents);
        }
        foreach (byte[] key in plan.NamedCallers.Concat(plan.NamedCallersToChange))
        {
            One(connection, Tables.Keys, "key_hash = $1", key, into.Keys);
            if (into.NamedKey(key) is { } named)
                One(connection, Tables.Agents, "id = $1", named.AgentId, into.Agents);
        }
        foreach (var id in plan.Agents.Concat(plan.AgentsToChange))
            One(connection, Tables.Agents, "id = $1", id, into.Agents);
        LoadKeys(connection, plan, into);
        LoadTies(connection, plan, into);
        foreach (string name in plan.Names) One(connection, LogTables.Names, "name_key = $1", name, into.Names);
        foreach (string looks in plan.Skeletons) One(connection, LogTables.Names, "skeleton = $1", looks, into.Names);
        foreach (var (key, scope) in plan.Answers)
        {
            var agent = key is null ? null : into.AgentByKey(key) ?? into.AgentByKilledKey(key);
            if (key is null || agent is not null) LoadAnswer(connection, agent?.Id ?? Guid.Empty, scope, into);
        }
        foreach (var (agent, scope) in plan.AnswersOf) LoadAnswer(connection, agent, scope, into);
    }

    private static void LoadKeys(SqliteConnection connection, LoadPlan plan, Snapshot into)
    {
        foreach (byte[] key in plan.KeysOfCallers)
            if (into.AgentByKey(key) is { } caller)
                One(connection, Tables.Keys, "agent_id = $1", caller.Id, into.Keys);
        foreach (byte[] key in plan.ApprovalsOfCallers)
            if (into.AgentByKey(key) is { } caller)
                One(connection, Tables.Approvals, "agent_id = $1", caller.Id, into.Approvals);
        foreach (var id in plan.Letters) One(connection, Tables.Letters, "id = $1", id, into.Letters);
        foreach (string to in plan.LettersTo) One(connection, Tables.Letters, "address = $1", to, into.Letters);
        foreach (var id in plan.Keys) One(connection, Tables.Keys, "id = $1", id, into.Keys);
    }

    private static void LoadTies(SqliteConnection connection, LoadPlan plan, Snapshot into)
    {
        foreach (byte[] key in plan.TiesOfCallers)
        {
            if (into.AgentByKey(key) is not { } caller) continue;
            One(connection, Tables.Jobs, TieSql.BuyersJob, caller.Id, into.Jobs);
            One(connection, Tables.Jobs, TieSql.WorkersJob, caller.Id, into.Jobs);
            One(connection, Tables.Bids, TieSql.Bid, caller.Id, into.Bids);
        }
        foreach (var agent in plan.Erase)
            foreach (string sql in EraseSql.All) connection.Query(sql, [agent], _ => 0);
    }

    private static void LoadJobs(SqliteConnection connection, LoadPlan plan, Snapshot into)
    {
        foreach (var id in plan.Jobs) One(connection, Tables.Jobs, "id = $1", id, into.Jobs);
        foreach (var id in plan.Terms) One(connection, Tables.Terms, "job_id = $1", id, into.Terms);
        foreach (var id in plan.PartsAfter)
            if (into.Jobs.Find(id)?.Part is { } part)
                foreach (var next in connection.Query(
                    NextPartSql, [part.Series, part.Number + 1], row => Tables.Parts.Read(row)))
                    into.Parts.Load(next);
        foreach (var id in plan.FundingRequests)
            One(connection, Tables.FundingRequests, "job_id = $1", id, into.FundingRequests);
        foreach (var id in plan.Files) One(connection, Tables.Files, "job_id = $1", id, into.Files);
        foreach (var (job, print) in plan.Delivered)
            foreach (var known in connection.Query(DeliveredSql, [job, print], row => Tables.Delivered.Read(row)))
                into.Delivered.Load(known);
        foreach (var id in plan.Reviews) One(connection, Tables.Reviews, "job_id = $1", id, into.Reviews);
        foreach (var id in plan.CounterOffers)
            One(connection, Tables.CounterOffers, "job_id = $1", id, into.CounterOffers);
        foreach (var id in plan.Evidence) One(connection, Tables.Evidence, "job_id = $1", id, into.Evidence);
        foreach (var id in plan.Bids) One(connection, Tables.Bids, "job_id = $1", id, into.Bids);
    }

    private static void LoadOwners(SqliteConnection connection, LoadPlan plan, Snapshot into)
    {
        var owners = new HashSet<Guid>(plan.Owners);
        foreach (byte[] key in plan.OwnersOfCallers)
            if (into.AgentByKey(key) is { } caller) owners.Add(caller.OwnerId);
        foreach (var id in plan.OwnersOfAgents)
            if (into.Agents.Find(id) is { } agent) owners.Add(agent.OwnerId);
        foreach (var id in plan.OwnersOfJobs)
        {
            if (into.Jobs.Find(id) is not { } job) continue;
            owners.Add(job.BuyerOwner);
            if (job.WorkerOwner is { } worker) owners.Add(worker);
        }
        foreach (var id in owners) One(connection, Tables.Owners, "id = $1", id, into.Owners);
    }

    private static void LoadRest(SqliteConnection connection, LoadPlan plan, Snapshot into)
    {
        foreach (var owner in plan.Cards) One(connection, Tables.Cards, "owner_id = $1", owner, into.Cards);
        foreach (var id in plan.Operations) One(connection, Tables.Operations, "id = $1", id, into.Operations);
        foreach (string id in plan.StripeEvents)
            One(connection, LogTables.StripeEvents, "id = $1", id, into.StripeEvents);
        foreach (string key in plan.Settings.Concat(plan.SettingsToChange))
            One(connection, LogTables.Settings, "key = $1", key, into.Settings);
    }

    private static void LoadWebhooks(SqliteConnection connection, LoadPlan plan, Snapshot into)
    {
        foreach (var id in plan.Endpoints) One(connection, Tables.Endpoints, "id = $1", id, into.Endpoints);
        foreach (byte[] key in plan.EndpointsOfCallers)
            if (into.AgentByKey(key) is { } caller)
                One(connection, Tables.Endpoints, "agent_id = $1", caller.Id, into.Endpoints);
        Waiting(connection, LogTables.Deliveries, into.Deliveries, plan.Deliveries);
        Waiting(connection, LogTables.DeadDeliveries, into.DeadDeliveries, plan.DeadDeliveries);
    }

    private static void Waiting<T>(
        SqliteConnection connection, Table<T> table, Shelf<T> shelf,
        List<(Guid EndpointId, Guid Subject, int Sequence)> keys) where T : notnull
    {
        if (keys.Count == 0) return;
        string sql = SelectSql<T>.For(table, "endpoint_id = $1 and subject = $2 and sequence = $3");
        foreach (var (endpoint, subject, sequence) in keys)
            foreach (var row in connection.Query(sql, [endpoint, subject, sequence], row => table.Read(row)))
                shelf.Load(row);
    }

    private static void Claim(SqliteConnection connection, LoadPlan plan, Snapshot into)
    {
        foreach (var (queue, limit) in plan.Claims)
            into.ClaimedWork.AddRange(connection.Query(
                ClaimWorkSql, [queue, plan.NowUs, plan.RealNowUs, limit], row => LogTables.Work.Read(row)));
        foreach (var work in into.ClaimedWork) into.Work.Load(work);
    }

    private static void Forget(SqliteConnection connection, ForgetPlan old, Snapshot into)
    {
        foreach (string sql in ForgetSql.Sqlite)
        {
            object[] arguments = [old.BeforeUs, old.Limit, Domain.Id.FirstAt(old.BeforeUs)];
            int used = sql.Contains("$3", StringComparison.Ordinal) ? 3 : 2;
            into.Forgotten = Math.Max(into.Forgotten, connection.Query(sql, arguments[..used], _ => 0).Count);
        }
    }

    private static void LoadAnswer(SqliteConnection connection, Guid agent, byte[] scope, Snapshot into)
    {
        var found = connection.Query(AnswerSql, [agent, scope], row => LogTables.Answers.Read(row));
        foreach (var answer in found) into.Answers.Load(answer);
    }

    private static void One<T>(SqliteConnection connection, Table<T> table, string where, object key, Shelf<T> shelf)
        where T : notnull
    {
        foreach (var row in connection.Query(SelectSql<T>.For(table, where), [key], row => table.Read(row)))
            shelf.Load(row);
    }

    /// <summary>Select statements by table and condition, made once.</summary>
    private static class SelectSql<T> where T : notnull
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<(Table<T>,
            string), string> Known = [];

        public static string For(Table<T> table, string where) => Known.GetOrAdd(
            (table, where), static key => $"select {key.Item1.Select()} from {key.Item1.Name} where {key.Item2}");
    }
}
