-- What is old is found by its age, in tables that grow at their end: an index of a few pages, next to nothing to keep.
create index idempotency_by_age on idempotency using brin (created_us);
create index stripe_events_by_age on stripe_events using brin (received_us);
