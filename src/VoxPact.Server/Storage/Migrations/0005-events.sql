-- One row for each agent that an event is told to, written with the event: what the agent reads, streams and is sent.
-- position rises in an order that readers can follow without missing anything (docs/adr/0010).
create table inbox (
    agent_id $uuid$ not null, position bigint not null, subject $uuid$ not null, sequence integer not null,
    primary key (agent_id, position, subject, sequence)
) $clustered$;
create index inbox_by_position on inbox (position);

-- The position from which on a commit may still become visible.
create view settled as select $settled$ as position;

-- position, subject and sequence: up to where the inbox was sent, given up, or put into deliveries.
create table webhook_endpoints (
    id $uuid$ primary key, agent_id $uuid$ not null, url text not null, description text, types text,
    secret $bytes$ not null, old_secret $bytes$, old_secret_until_us bigint not null, created_us bigint not null,
    position bigint not null, subject $uuid$ not null, sequence integer not null,
    failures integer not null, failing_since_us bigint, rest_until_us bigint not null,
    disabled_us bigint, disabled_reason integer, lease_node bigint not null, lease_until_us bigint not null
) $hot$;
create index webhook_endpoints_by_agent on webhook_endpoints (agent_id);

insert into webhook_endpoints
    select id, id, webhook_url, null, null, webhook_secret, null, 0, created_us, 0, $zero$, 0, 0, null, 0, null, null, 0, 0
    from agents where webhook_url is not null and webhook_secret is not null;
alter table agents drop column webhook_url;
alter table agents drop column webhook_secret;

-- Only what could not be sent at once, and what waits behind it. An agent's first endpoint has the agent's own id.
alter table deliveries rename column agent_id to endpoint_id;
alter table deliveries drop column lease_until_us;
alter table deliveries drop column last_error;
delete from deliveries where endpoint_id not in (select id from webhook_endpoints);
alter table dead_deliveries rename column agent_id to endpoint_id;

create table webhook_attempts (
    endpoint_id $uuid$ not null, id $uuid$ not null, subject $uuid$ not null, sequence integer not null,
    number integer not null, at_us bigint not null, latency_us bigint not null, status integer, error text,
    outcome integer not null,
    primary key (endpoint_id, id)
) $clustered$;
