-- Agents that were active before there were pages to find them by get theirs in the background, once.
insert into work (id, queue, kind, subject, argument, payload, due_us, attempts, lease_until_us, last_error)
    select $zero$, 1, 106, $zero$, 0, null, 0, 0, 0, null from (select 1 as n) as one
    where exists (select 1 from agents a where a.activated_us is not null
        and not exists (select 1 from agent_pages p where p.agent_id = a.id));
