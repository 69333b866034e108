-- While an agent of an owner is suspended, the owner's earnings wait.
alter table owners add column suspended_agents integer not null default 0;
update owners set suspended_agents = (select count(*) from agents a where a.owner_id = owners.id and a.status = 2)
where id in (select owner_id from agents where status = 2);

-- The arbiter's queue: a row while a job is disputed, so that no index has to follow every step of every job.
create table open_disputes (job_id $uuid$ primary key, since_us bigint not null);
create index open_disputes_by_age on open_disputes (since_us, job_id);
insert into open_disputes
    select j.id, coalesce((select max(f.at_us) from facts f where f.subject = j.id and f.type = 12), j.created_us)
    from jobs j where j.state = 7;
