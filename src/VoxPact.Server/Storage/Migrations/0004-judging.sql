-- A print of what was handed in, once it is judged: works that resemble each other have prints that differ in few bits.
alter table submissions add column fingerprint bigint;

-- What a third opinion advises the arbiter of a dispute; it never acts.
create table recommendations (
    job_id $uuid$ not null, sequence integer not null, recommendation text not null, created_us bigint not null,
    primary key (job_id, sequence)
);
