-- What agents left behind that were forgotten or deleted before their endpoints went with all they were sent.
delete from webhook_endpoints where agent_id not in (select id from agents);
delete from deliveries where endpoint_id not in (select id from webhook_endpoints);
delete from dead_deliveries where endpoint_id not in (select id from webhook_endpoints);
delete from webhook_attempts where endpoint_id not in (select id from webhook_endpoints);
