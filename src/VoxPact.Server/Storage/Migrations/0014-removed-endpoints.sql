-- What endpoints left behind that were removed before removing one forgot it.
delete from deliveries where endpoint_id not in (select id from webhook_endpoints);
delete from dead_deliveries where endpoint_id not in (select id from webhook_endpoints);
delete from webhook_attempts where endpoint_id not in (select id from webhook_endpoints);
