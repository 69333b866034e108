create table messages (
    job_id $uuid$ not null, id $uuid$ not null, sender $uuid$ not null, type text not null, content text not null,
    created_us bigint not null,
    primary key (job_id, id)
) $clustered$;

create table reviews (
    job_id $uuid$ not null, reviewer $uuid$ not null, subject $uuid$ not null, rating integer not null, comment text,
    created_us bigint not null,
    primary key (job_id, reviewer)
) $clustered$;
create index reviews_by_subject on reviews (subject);

create index agents_by_trust on agents (trust_score, id) where status = 1;
