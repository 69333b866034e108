-- What is not over, of each party: whoever polls pays for what is left to do, not for what was done. The reason of the
-- end changes once in a job's life, so no other step of it touches these indexes.
create index jobs_not_over_by_buyer on jobs (buyer_agent, id) where closed is null;
create index jobs_not_over_by_worker on jobs (worker_agent, id) where closed is null and worker_agent is not null;
