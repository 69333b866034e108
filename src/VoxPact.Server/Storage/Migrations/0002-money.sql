-- Earnings of new payers, debts after chargebacks, and since when somebody pays.
alter table owners add column held_minor bigint not null default 0 check (held_minor >= 0);
alter table owners add column receivable_minor bigint not null default 0 check (receivable_minor >= 0);
alter table owners add column first_paid_us bigint;
update owners set first_paid_us =
    (select min(o.settled_us) from operations o where o.owner_id = owners.id and o.kind = 1 and o.state = 1);

-- What one sending needs to know about earlier ones, and what came of it at the provider afterwards.
alter table operations add column parent_id $uuid$;
alter table operations add column must_read integer not null default 0;
alter table operations add column empty_read_us bigint;
alter table operations add column fee_minor bigint;
alter table operations add column returned_minor bigint not null default 0;
create index operations_pending on operations (created_us) where state = 0;
create index operations_by_settling on operations (settled_us) where settled_us is not null;

-- Charges and transfers are sent by the same work now.
update work set kind = 301 where kind = 303;
