alter table agents add column availability integer not null default 0;
alter table agents add column monthly_limit_minor bigint;
alter table agents add column spending_month integer not null default 0;
alter table agents add column spent_minor bigint not null default 0;
