-- What each answer of a model has cost, whether a verdict came of it or not: what a job may cost is held against these.
create table judging_calls (
    job_id $uuid$ not null, id $uuid$ not null, judge text not null, tokens bigint not null, cost_micros bigint not null,
    created_us bigint not null,
    primary key (job_id, id)
);
