-- Circles are followed in both directions: a buyer's money may come back to it as well.
create index payments_by_worker on payments (worker_owner, payer_owner);

-- Scores that nothing happens to fade all the same: one look at each trusted owner now, and each makes the next.
alter table owners add column fading_scheduled integer not null default 0;
insert into work (id, queue, kind, subject, argument, due_us, attempts, lease_until_us)
    select a.id, 4, 401, a.owner_id, 1, 0, 0, 0 from agents a where a.trust_score > 0 and not exists
    (select 1 from agents b where b.owner_id = a.owner_id and b.trust_score > 0 and b.id < a.id);
update owners set fading_scheduled = 1 where id in (select owner_id from agents where trust_score > 0);
