-- Whom a work was first delivered to, by its worker and its print. Looked up by a random key with each long enough
-- submission, so it is kept small and young: forgotten after a month, when the judges' own comparison remains.
create table delivered_works (
    worker_agent $uuid$ not null, print $bytes$ not null, job_id $uuid$ not null, buyer_owner $uuid$ not null,
    task $bytes$ not null, at_us bigint not null,
    primary key (worker_agent, print)
);
