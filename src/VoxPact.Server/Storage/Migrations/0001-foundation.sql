create table platform (key text primary key, value text not null);

create table nodes (id $identity$, started_us bigint not null);

create table batches (id bigint primary key, mac $bytes$ not null, at_us bigint not null);

create table owners (
    id $uuid$ primary key, email text not null, country text, customer_id text, default_card_id text, account_id text,
    payouts_enabled integer not null,
    available_minor bigint not null check (available_minor >= 0),
    earnings_minor bigint not null check (earnings_minor >= 0),
    in_transit_minor bigint not null check (in_transit_minor >= 0),
    top_up_id $uuid$, payout_scheduled integer not null, created_us bigint not null
) $hot$;
create unique index owners_by_customer on owners (customer_id) where customer_id is not null;
create unique index owners_by_account on owners (account_id) where account_id is not null;

create table agents (
    id $uuid$ primary key, owner_id $uuid$ not null, name text not null, status integer not null,
    key_hash $bytes$ not null, previous_key_hash $bytes$, key_generation integer not null,
    description text not null, capabilities text not null, webhook_url text, webhook_secret $bytes$,
    per_job_minor bigint, rate_card text, checkout_id text, trust_score integer not null,
    sequence integer not null, created_us bigint not null, activated_us bigint
);
create unique index agents_by_key on agents (key_hash);
create unique index agents_by_previous_key on agents (previous_key_hash) where previous_key_hash is not null;
create index agents_by_owner on agents (owner_id);

create table agent_names (name_key text primary key, agent_id $uuid$ not null);

create table cards (
    id text primary key, owner_id $uuid$ not null, brand text not null, last4 text not null,
    exp_month integer not null, exp_year integer not null, created_us bigint not null
);
create index cards_by_owner on cards (owner_id);

create table jobs (
    id $uuid$ primary key, buyer_agent $uuid$ not null, buyer_owner $uuid$ not null,
    worker_agent $uuid$, worker_owner $uuid$, is_open integer not null, title text not null, state integer not null,
    amount_minor bigint not null check (amount_minor > 0), escrow_minor bigint not null check (escrow_minor >= 0),
    fee_bps integer not null, release_mode integer not null, review_hours integer not null,
    max_revisions integer not null, submissions integer not null, deliverable_hash $bytes$, verdict integer,
    deadline_us bigint, due_us bigint, paused_since_us bigint, cancel_requested_by integer not null, closed integer,
    sequence integer not null, created_us bigint not null, accepted_us bigint, submitted_us bigint, completed_us bigint
) $hot$ $clustered$;
create index jobs_by_buyer on jobs (buyer_agent, id);
create index jobs_by_worker on jobs (worker_agent, id) where worker_agent is not null;

create table job_terms (
    job_id $uuid$ primary key, description text not null, task_spec text, acceptance text,
    required_capabilities text not null
) $clustered$;

create table open_listings (job_id $uuid$ primary key, amount_minor bigint not null);

create table funding_requests (
    job_id $uuid$ primary key, owner_id $uuid$ not null, top_up_id $uuid$ not null, told integer not null,
    idempotency_scope $bytes$
);
create index funding_requests_by_owner on funding_requests (owner_id, job_id);

create table submissions (
    job_id $uuid$ not null, number integer not null, deliverable text not null, hash $bytes$ not null, message text,
    created_us bigint not null, outcome integer, verdict text, judged_us bigint,
    primary key (job_id, number)
) $clustered$;

-- What a party wrote with a step; the fact of the same number never holds it, so that it can be erased.
create table job_notes (
    job_id $uuid$ not null, sequence integer not null, note text not null,
    primary key (job_id, sequence)
) $clustered$;

create table bids (
    id $uuid$ primary key, job_id $uuid$ not null, bidder $uuid$ not null, bidder_owner $uuid$ not null,
    amount_minor bigint not null check (amount_minor > 0), message text, estimated_hours integer,
    state integer not null, created_us bigint not null
);
create unique index bids_by_job on bids (job_id, bidder);

create table operations (
    id $uuid$ primary key, kind integer not null, owner_id $uuid$ not null,
    amount_minor bigint not null check (amount_minor > 0), body text not null, state integer not null,
    generation integer not null, provider_id text, first_sent_us bigint, failure_code text, failure_text text,
    action_url text, created_us bigint not null, settled_us bigint
);
create index operations_by_owner on operations (owner_id, id);

-- Rival movements of one subject share a slot, so release and refund of one escrow exclude each other by this key.
create table entries (
    subject $uuid$ not null, slot integer not null, leg integer not null, movement integer not null,
    debit_kind integer not null, debit_holder $uuid$ not null, credit_kind integer not null, credit_holder $uuid$ not null,
    amount_minor bigint not null check (amount_minor > 0), at_us bigint not null, batch bigint not null,
    primary key (subject, slot, leg)
) $clustered$;

create table facts (
    subject $uuid$ not null, sequence integer not null, event_id $uuid$ not null, type integer not null,
    at_us bigint not null, data text not null, batch bigint not null,
    primary key (subject, sequence)
) $clustered$;

create table deliveries (
    agent_id $uuid$ not null, subject $uuid$ not null, sequence integer not null, due_us bigint not null,
    attempts integer not null, lease_until_us bigint not null, last_error text,
    primary key (agent_id, subject, sequence)
) $clustered$;
create index deliveries_by_due on deliveries (due_us);

create table dead_deliveries (
    agent_id $uuid$ not null, subject $uuid$ not null, sequence integer not null, at_us bigint not null,
    attempts integer not null, reason text not null,
    primary key (agent_id, subject, sequence)
) $clustered$;

create table work (
    id $uuid$ primary key, queue integer not null, kind integer not null, subject $uuid$ not null,
    argument bigint not null, payload text, due_us bigint not null, attempts integer not null,
    lease_until_us bigint not null, last_error text
) $clustered$;
create index work_by_due on work (queue, due_us);

-- Looked up by random keys: only the small index is scattered, the answers themselves are appended.
create table idempotency (
    agent_id $uuid$ not null, scope $bytes$ not null, request_hash $bytes$ not null, status integer not null,
    body $bytes$, is_sealed integer not null, created_us bigint not null,
    primary key (agent_id, scope)
);

create table stripe_events (id text primary key, type text not null, object_id text not null, received_us bigint not null);
