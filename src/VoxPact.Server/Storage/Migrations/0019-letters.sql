alter table owners add column email_confirmed_us bigint;

-- E-mails to owners; their links are made from their ids under the pepper, so none can be made from a row.
create table letters (
    id $uuid$ primary key, kind integer not null, owner_id $uuid$ not null, agent_id $uuid$ not null,
    join_agent_id $uuid$, address text not null, created_us bigint not null, sent_us bigint, used_us bigint
);
create index letters_by_address on letters (address);
