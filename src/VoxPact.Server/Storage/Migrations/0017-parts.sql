-- A job in parts: which part a job is, and what was agreed of those that are not posted yet.
alter table jobs add column series_id $uuid$;
alter table jobs add column part_number integer not null default 0;
alter table jobs add column part_count integer not null default 0;
alter table funding_requests add column counted_minor bigint;

create table job_parts (
    series_id $uuid$ not null, number integer not null, series_title text not null, title text not null,
    description text not null, amount_minor bigint not null check (amount_minor > 0), acceptance text,
    deadline_hours integer, job_id $uuid$,
    primary key (series_id, number)
) $clustered$;
