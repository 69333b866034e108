using Npgsql;
using NpgsqlTypes;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Postgres;

/// <summary>
/// A load plan as one batch: BEGIN, then a select per table that is needed, locked in a fixed order of tables and
/// by id within each. Empty statements are left out.
/// </summary>
internal sealed class PostgresLoad(NpgsqlBatch batch)
{
    private readonly List<Action<IRow>> _readers = [];

    public IReadOnlyList<Action<IRow>> Readers => _readers;

    public void Build(LoadPlan plan, Snapshot into)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin"));
        Answers(plan, into);
        People(plan, into);
        Keys(plan, into);
        Ties(plan, into);
        Jobs(plan, into);
        Owners(plan, into);
        Rest(plan, into);
        Webhooks(plan, into);
        Claims(plan, into);
        if (plan.Forget is { } old) Forget(old, into);
    }

    private void Answers(LoadPlan plan, Snapshot into)
    {
        string columns = LogTables.Answers.Select("i");
        var known = plan.Answers.Where(answer => answer.KeyHash is not null).ToList();
        if (known.Count > 0)
            Select(LogTables.Answers, into.Answers,
                $"select {columns} from unnest($1::bytea[], $2::bytea[]) as u(k, s) "
                + "cross join lateral (select id from agents where key_hash = u.k "
                + (AnyNamed(plan) ? "union all select agent_id from agent_keys where key_hash = u.k " : "")
                + "union all select id from agents where previous_key_hash = u.k limit 1) a "
                + "cross join lateral (select * from idempotency where agent_id = a.id and scope = u.s limit 1) i",
                Bytes(known.Select(answer => answer.KeyHash!)), Bytes(known.Select(answer => answer.Scope)));
        var direct = plan.Answers.Where(answer => answer.KeyHash is null)
            .Select(answer => (AgentId: Guid.Empty, answer.Scope)).Concat(plan.AnswersOf).ToList();
        if (direct.Count > 0)
            Select(LogTables.Answers, into.Answers,
                $"select {columns} from unnest($1::uuid[], $2::bytea[]) as u(a, s) "
                + "cross join lateral (select * from idempotency where agent_id = u.a and scope = u.s limit 1) i",
                Ids(direct.Select(answer => answer.AgentId)), Bytes(direct.Select(answer => answer.Scope)));
    }

    private void People(LoadPlan plan, Snapshot into)
    {
        string columns = Tables.Agents.Select();
        if (plan.CallersToChange.Count + plan.AgentsToChange.Count + plan.NamedCallersToChange.Count > 0)
            Select(Tables.Agents, into.Agents,
                $"select {columns} from agents where key_hash = any($1) or previous_key_hash = any($1) or id = any($2) "
                + "or id = any(array(select agent_id from agent_keys where key_hash = any($3))) "
                + "order by id for no key update",
                Bytes(plan.CallersToChange), Ids(plan.AgentsToChange), Bytes(plan.NamedCallersToChange));
        if (plan.Callers.Count > 0)
            Select(Tables.Agents, into.Agents, $"select {columns} from agents where key_hash = any($1)",
                Bytes(plan.Callers));
        if (plan.NamedCallers.Count > 0)
            Select(Tables.Agents, into.Agents,
                $"select {columns} from agents where id = any(array("
                + "select agent_id from agent_keys where key_hash = any($1)))", Bytes(plan.NamedCallers));
        if (plan.Agents.Count > 0)
            Select(Tables.Agents, into.Agents, $"select {columns} from agents where id = any($1)", Ids(plan.Agents));
        if (plan.Names.Count > 0)
            Select(LogTables.Names, into.Names,
                $"select {LogTables.Names.Select()} from agent_names where name_key = any($1) or skeleton = any($2)",
                Texts(plan.Names), Texts(plan.Skeletons));
    }

    private static bool AnyNamed(LoadPlan plan) => plan.NamedCallers.Count + plan.NamedCallersToChange.Count > 0;

    /// <summary>
    /// After their agents, whose locks they change under: so they are as they were when the lock was got.
    /// </summary>
    private void Keys(LoadPlan plan, Snapshot into)
    {
        if (AnyNamed(plan) || plan.Keys.Count + plan.KeysOfCallers.Count > 0)
            Select(Tables.Keys, into.Keys,
                $"select {Tables.Keys.Select()} from agent_keys where key_hash = any($1) or id = any($2) "
                + $"or agent_id = any(array({AgentsOf("$3")}))",
                Bytes(plan.NamedCallers.Concat(plan.NamedCallersToChange)), Ids(plan.Keys), Bytes(plan.KeysOfCallers));
        if (plan.ApprovalsOfCallers.Count > 0)
            Select(Tables.Approvals, into.Approvals,
                $"select {Tables.Approvals.Select()} from approvals where agent_id = any(array({AgentsOf("$1")}))",
                Bytes(plan.ApprovalsOfCallers));
        if (plan.Letters.Count + plan.LettersTo.Count > 0)
            Select(Tables.Letters, into.Letters,
                $"select {Tables.Letters.Select()} from letters where id = any($1) or address = any($2) order by id "
                + "for no key update", Ids(plan.Letters), Texts(plan.LettersTo));
    }

    /// <summary>One agent at a time: these are rare.</summary>
    private void Ties(LoadPlan plan, Snapshot into)
    {
        foreach (byte[] key in plan.TiesOfCallers)
        {
            Tie(Tables.Jobs, into.Jobs, TieSql.BuyersJob, key);
            Tie(Tables.Jobs, into.Jobs, TieSql.WorkersJob, key);
            Tie(Tables.Bids, into.Bids, TieSql.Bid, key);
        }
        foreach (var agent in plan.Erase)
            foreach (string sql in EraseSql.All)
                Select($"{sql} returning 1", _ => { },
                    new NpgsqlParameter { Value = agent, NpgsqlDbType = NpgsqlDbType.Uuid });
    }

    private void Tie<T>(Table<T> table, Shelf<T> shelf, string where, byte[] key) where T : notnull =>
        Select(table, shelf, $"select {table.Select()} from {table.Name} where "
            + where.Replace("$1", "(select id from agents where key_hash = $1)"),
            new NpgsqlParameter { Value = key, NpgsqlDbType = NpgsqlDbType.Bytea });

    /// <summary>The agents of keys of both kinds.</summary>
    private static string AgentsOf(string keys) => $"select id from agents where key_hash = any({keys}) "
        + $"union all select agent_id from agent_keys where key_hash = any({keys})";

    private void Jobs(LoadPlan plan, Snapshot into)
    {
        if (plan.Jobs.Count > 0)
            Select(Tables.Jobs, into.Jobs,
                $"select {Tables.Jobs.Select()} from jobs where id = any($1) order by id for no key update",
                Ids(plan.Jobs));
        if (plan.Terms.Count > 0)
            Select(Tables.Terms, into.Terms,
                $"select {Tables.Terms.Select()} from job_terms where job_id = any($1)", Ids(plan.Terms));
        if (plan.PartsAfter.Count > 0)
            Select(Tables.Parts, into.Parts,
                $"select {Tables.Parts.Select("p")} from job_parts p join jobs j on p.series_id = j.series_id "
                + "and p.number = j.part_number + 1 where j.id = any($1)", Ids(plan.PartsAfter));
        if (plan.FundingRequests.Count > 0)
            Select(Tables.FundingRequests, into.FundingRequests,
                $"select {Tables.FundingRequests.Select()} from funding_requests where job_id = any($1)",
                Ids(plan.FundingRequests));
        if (plan.Files.Count > 0)
            Select(Tables.Files, into.Files, $"select {Tables.Files.Select()} from files where job_id = any($1)",
                Ids(plan.Files));
        if (plan.Delivered.Count > 0)
            Select(Tables.Delivered, into.Delivered,
                $"select {Tables.Delivered.Select("d")} from unnest($1::uuid[], $2::bytea[]) as u(j, p) "
                + "join jobs on jobs.id = u.j cross join lateral (select * from delivered_works "
                + "where worker_agent = jobs.worker_agent and print = u.p limit 1) d",
                Ids(plan.Delivered.Select(one => one.Job)), Bytes(plan.Delivered.Select(one => one.Print)));
        if (plan.Reviews.Count > 0)
            Select(Tables.Reviews, into.Reviews,
                $"select {Tables.Reviews.Select()} from reviews where job_id = any($1)", Ids(plan.Reviews));
        if (plan.CounterOffers.Count > 0)
            Select(Tables.CounterOffers, into.CounterOffers,
                $"select {Tables.CounterOffers.Select()} from counter_offers where job_id = any($1)",
                Ids(plan.CounterOffers));
        if (plan.Evidence.Count > 0)
            Select(Tables.Evidence, into.Evidence,
                $"select {Tables.Evidence.Select()} from evidence where job_id = any($1)", Ids(plan.Evidence));
        if (plan.Bids.Count > 0)
            Select(Tables.Bids, into.Bids, $"select {Tables.Bids.Select()} from bids where job_id = any($1)",
                Ids(plan.Bids));
    }

    private void Owners(LoadPlan plan, Snapshot into)
    {
        if (plan.Owners.Count + plan.OwnersOfCallers.Count + plan.OwnersOfAgents.Count + plan.OwnersOfJobs.Count == 0)
            return;
        Select(Tables.Owners, into.Owners,
            $"select {Tables.Owners.Select()} from owners where id = any(array(select unnest($1::uuid[]) "
            + "union select owner_id from agents where key_hash = any($2) "
            + (AnyNamed(plan)
                ? "union select owner_id from agents where id = any(array(select agent_id from agent_keys "
                    + "where key_hash = any($2))) "
                : "")
            + "union select owner_id from agents where id = any($3) "
            + "union select buyer_owner from jobs where id = any($4) "
            + "union select worker_owner from jobs where id = any($4))) order by id for no key update",
            Ids(plan.Owners), Bytes(plan.OwnersOfCallers), Ids(plan.OwnersOfAgents), Ids(plan.OwnersOfJobs));
    }

    private void Rest(LoadPlan plan, Snapshot into)
    {
        if (plan.Cards.Count > 0)
            Select(Tables.Cards, into.Cards,
                $"select {Tables.Cards.Select()} from cards where owner_id = any($1)", Ids(plan.Cards));
        if (plan.Operations.Count > 0)
            Select(Tables.Operations, into.Operations,
                $"select {Tables.Operations.Select()} from operations where id = any($1) order by id for no key update",
                Ids(plan.Operations));
        if (plan.StripeEvents.Count > 0)
            Select(LogTables.StripeEvents, into.StripeEvents,
                $"select {LogTables.StripeEvents.Select()} from stripe_events where id = any($1)",
                Texts(plan.StripeEvents));
        if (plan.Settings.Count > 0)
            Select(LogTables.Settings, into.Settings,
                $"select {LogTables.Settings.Select()} from platform where key = any($1)", Texts(plan.Settings));
        if (plan.SettingsToChange.Count > 0)
            Select(LogTables.Settings, into.Settings,
                $"select {LogTables.Settings.Select()} from platform where key = any($1) order by key "
                + "for no key update",
                Texts(plan.SettingsToChange));
    }

    private void Webhooks(LoadPlan plan, Snapshot into)
    {
        if (plan.Endpoints.Count + plan.EndpointsOfCallers.Count > 0)
            Select(Tables.Endpoints, into.Endpoints,
                $"select {Tables.Endpoints.Select()} from webhook_endpoints where id = any($1) or agent_id = any("
                + $"array({AgentsOf("$2")})) order by id for no key update",
                Ids(plan.Endpoints), Bytes(plan.EndpointsOfCallers));
        Waiting(LogTables.Deliveries, into.Deliveries, plan.Deliveries);
        Waiting(LogTables.DeadDeliveries, into.DeadDeliveries, plan.DeadDeliveries);
    }

    private void Waiting<T>(
        Table<T> table, Shelf<T> shelf, List<(Guid EndpointId, Guid Subject, int Sequence)> keys) where T : notnull
    {
        if (keys.Count == 0) return;
        Select(table, shelf,
            $"select {table.Select("d")} from {table.Name} d "
            + "join unnest($1::uuid[], $2::uuid[], $3::integer[]) as u(e, s, n) "
            + "on d.endpoint_id = u.e and d.subject = u.s and d.sequence = u.n order by 1, 2, 3 "
            + "for no key update of d",
            Ids(keys.Select(d => d.EndpointId)), Ids(keys.Select(d => d.Subject)),
            new NpgsqlParameter
            {
                Value = keys.Select(d => d.Sequence).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer,
            });
    }

    private void Claims(LoadPlan plan, Snapshot into)
    {
        const string locking = "for no key update skip locked";
        foreach (var (queue, limit) in plan.Claims)
            Select(ClaimSql.Work(locking), row =>
            {
                var work = LogTables.Work.Read(row);
                into.Work.Load(work);
                into.ClaimedWork.Add(work);
            }, Number(queue), Number(plan.NowUs), Number(plan.RealNowUs), Number(limit));
    }

    private void Forget(ForgetPlan old, Snapshot into)
    {
        var before = new NpgsqlParameter { Value = Domain.Id.FirstAt(old.BeforeUs), NpgsqlDbType = NpgsqlDbType.Uuid };
        foreach (string sql in ForgetSql.Postgres)
        {
            int gone = 0;
            NpgsqlParameter[] arguments = [Number(old.BeforeUs), Number(old.Limit), before];
            int used = sql.Contains("$3", StringComparison.Ordinal) ? 3 : 2;
            Select(sql, _ => into.Forgotten = Math.Max(into.Forgotten, ++gone), arguments[..used]);
        }
    }

    private void Select<T>(Table<T> table, Shelf<T> shelf, string sql,
        params NpgsqlParameter[] parameters) where T : notnull =>
        Select(sql, row => shelf.Load(table.Read(row)), parameters);

    private void Select(string sql, Action<IRow> read, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
        _readers.Add(read);
    }

    private static NpgsqlParameter Ids(IEnumerable<Guid> ids) =>
        new() { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private static NpgsqlParameter Bytes(IEnumerable<byte[]> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    private static NpgsqlParameter Texts(IEnumerable<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
