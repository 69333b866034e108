-- Who is asked when the named worker does not take the job, and since when the present one knows it.
alter table jobs add column offer_hours integer;
alter table jobs add column fallback_agent $uuid$;
alter table jobs add column fallback_owner $uuid$;
alter table jobs add column falls_open integer not null default 0;
alter table jobs add column offered_us bigint;
