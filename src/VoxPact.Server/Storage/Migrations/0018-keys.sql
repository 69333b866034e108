-- Beside the key that stands in agents: found by their own hashes, a byte longer, so that none is taken for the other.
create table agent_keys (
    id $uuid$ primary key, agent_id $uuid$ not null, name text not null, key_hash $bytes$ not null,
    ending text not null, scopes integer not null, created_us bigint not null, expires_us bigint,
    per_job_minor bigint, per_day_minor bigint, approval_above_minor bigint, workers text, capabilities text,
    spending_day integer not null, spent_minor bigint not null
);
create unique index agent_keys_by_hash on agent_keys (key_hash);
create index agent_keys_by_agent on agent_keys (agent_id);

create table approvals (
    id $uuid$ primary key, agent_id $uuid$ not null, key_id $uuid$ not null, request_hash $bytes$ not null,
    title text not null, amount_minor bigint not null, worker $uuid$, state integer not null,
    created_us bigint not null, expires_us bigint not null
);
create index approvals_by_agent on approvals (agent_id);

alter table funding_requests add column key_id $uuid$;
