create table files (
    job_id $uuid$ not null, id $uuid$ not null, uploader $uuid$ not null, purpose text not null, name text not null,
    content_type text not null, bytes bigint not null, state integer not null, sha256 text, created_us bigint not null,
    primary key (job_id, id)
) $clustered$;

create table trust_changes (
    agent_id $uuid$ not null, at_us bigint not null, score_before integer not null, score_after integer not null,
    reason text not null,
    primary key (agent_id, at_us)
) $clustered$;

-- Who has ever paid whom, each pair once: the paths in it tell a circle that pays itself from a market.
create table payments (payer_owner $uuid$ not null, worker_owner $uuid$ not null, primary key (payer_owner, worker_owner))
$clustered$;

alter table owners add column assessment_scheduled integer not null default 0;
