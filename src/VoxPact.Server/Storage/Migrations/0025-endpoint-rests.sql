-- Why an endpoint is left alone until rest_until_us: it fails (1), or its answer asked for it (2). Those that rest now
-- may rest for a day, which none does any more: they are asked again at once.
alter table webhook_endpoints add column rest_reason integer;
update webhook_endpoints set rest_until_us = 0 where rest_until_us > 0;
