-- Whoever is deleted must be found in what they wrote.
create index bids_by_bidder on bids (bidder);
create index letters_by_agent on letters (agent_id);

-- Names that look alike are one; what is there already is filled in at the next start.
alter table agent_names add column skeleton text;
create unique index agent_names_by_skeleton on agent_names (skeleton);
