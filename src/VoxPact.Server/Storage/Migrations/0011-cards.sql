-- Its owner was told that the card has expired. Owners with cards from before are looked at once; from then on each
-- card has a look scheduled for the end of its time.
alter table cards add column expired integer not null default 0;
insert into work (id, queue, kind, subject, argument, due_us, attempts, lease_until_us)
    select distinct owner_id, 3, 306, owner_id, 0, 0, 0, 0 from cards;
