-- One line of an owner's statement of account: which entry it is, and what it left in the owner's accounts. Numbered from
-- 1 in the order of commits (docs/adr/0015).
create table account_lines (
    owner_id $uuid$ not null, number bigint not null, subject $uuid$ not null, slot integer not null,
    leg integer not null, movement integer not null, available_minor bigint not null, escrow_minor bigint not null,
    earnings_minor bigint not null, in_transit_minor bigint not null, held_minor bigint not null,
    receivable_minor bigint not null,
    primary key (owner_id, number)
) $clustered$;

-- 2 available, 3 a job's escrow, 4 earnings, 5 in transit, 7 held, 8 receivable, which grows by debits.
insert into account_lines
with sides as (
    select debit_holder as owner_id, subject, slot, leg from entries where debit_kind in (2, 4, 5, 7, 8)
    union select credit_holder, subject, slot, leg from entries where credit_kind in (2, 4, 5, 7, 8)
    union select j.buyer_owner, e.subject, e.slot, e.leg from entries e
        join jobs j on j.id = case when e.debit_kind = 3 then e.debit_holder else e.credit_holder end
        where 3 in (e.debit_kind, e.credit_kind)
),
changes as (
    select s.owner_id, e.subject, e.slot, e.leg, e.movement, e.at_us, e.batch,
        case when e.debit_holder = s.owner_id then e.debit_kind
            when e.debit_kind = 3 and d.buyer_owner = s.owner_id then 3 else 0 end as debit_kind,
        case when e.credit_holder = s.owner_id then e.credit_kind
            when e.credit_kind = 3 and c.buyer_owner = s.owner_id then 3 else 0 end as credit_kind,
        e.amount_minor
    from sides s join entries e on e.subject = s.subject and e.slot = s.slot and e.leg = s.leg
    left join jobs d on d.id = e.debit_holder left join jobs c on c.id = e.credit_holder
)
select owner_id, row_number() over w, subject, slot, leg, movement,
    cast(sum(case when credit_kind = 2 then amount_minor else 0 end
        - case when debit_kind = 2 then amount_minor else 0 end) over w as bigint),
    cast(sum(case when credit_kind = 3 then amount_minor else 0 end
        - case when debit_kind = 3 then amount_minor else 0 end) over w as bigint),
    cast(sum(case when credit_kind = 4 then amount_minor else 0 end
        - case when debit_kind = 4 then amount_minor else 0 end) over w as bigint),
    cast(sum(case when credit_kind = 5 then amount_minor else 0 end
        - case when debit_kind = 5 then amount_minor else 0 end) over w as bigint),
    cast(sum(case when credit_kind = 7 then amount_minor else 0 end
        - case when debit_kind = 7 then amount_minor else 0 end) over w as bigint),
    cast(sum(case when debit_kind = 8 then amount_minor else 0 end
        - case when credit_kind = 8 then amount_minor else 0 end) over w as bigint)
from changes
window w as (partition by owner_id order by at_us, batch, subject, slot, leg);

alter table owners add column escrow_minor bigint not null default 0 check (escrow_minor >= 0);
alter table owners add column statement_lines bigint not null default 0;
update owners set statement_lines =
    coalesce((select max(l.number) from account_lines l where l.owner_id = owners.id), 0);
update owners set escrow_minor = coalesce((select l.escrow_minor from account_lines l
    where l.owner_id = owners.id and l.number = owners.statement_lines), 0);
