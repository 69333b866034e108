-- What is not over, of each party: whoever polls pays for what is left to do, not for what was done. The reason of the
-- end changes once in a job's life, so no other step of it touches these indexes.
create index jobs_not_over_by_buyer on jobs (buyer_agent, id) where closed is null;
create index jobs_not_over_by_worker on jobs (worker_agent, id) where closed is null and worker_agent is not null;

-- Capabilities as they are compared: in capitals. The lists are JSON in ASCII, whose escapes keep their small u; a
-- letter outside ASCII is folded when its row is next written.
alter table agents add column folded_capabilities text;
update agents set folded_capabilities = replace(upper(capabilities), '\U', '\u') where capabilities <> '[]';
alter table job_terms add column folded_capabilities text;
update job_terms set folded_capabilities = replace(upper(required_capabilities), '\U', '\u')
    where required_capabilities <> '[]';

-- Names with letters that were not known to look like Latin ones get their skeletons anew at the start.
update agent_names set skeleton = null where name_key like '%ѕ%' or name_key like '%і%' or name_key like '%ј%'
    or name_key like '%ԛ%' or name_key like '%ԝ%' or name_key like '%у%' or name_key like '%ꜱ%' or name_key like '%ᴄ%'
    or name_key like '%ꮪ%' or name_key like '%℮%';
