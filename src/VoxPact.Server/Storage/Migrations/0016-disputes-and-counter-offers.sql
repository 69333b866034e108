-- What the arbiter decided, until the time for an appeal is over.
alter table jobs add column ruling integer;
alter table jobs add column ruling_minor bigint not null default 0;
alter table jobs add column appealed_by integer not null default 0;

create table evidence (
    job_id $uuid$ not null, id $uuid$ not null, agent_id $uuid$ not null, evidence text not null, files text not null,
    created_us bigint not null,
    primary key (job_id, id)
) $clustered$;

-- The newest one of each job; it is live while the job is offered to that worker.
create table counter_offers (
    job_id $uuid$ primary key, worker $uuid$ not null, amount_minor bigint not null check (amount_minor > 0), message text,
    deadline_us bigint, created_us bigint not null
) $clustered$;
