-- A bonus is its buyer's operation and its worker's earnings; the job's statement finds it by the job.
create index operations_of_bonus on operations (parent_id) where kind = 7;
