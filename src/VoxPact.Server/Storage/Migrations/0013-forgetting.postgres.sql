create index delivered_works_by_age on delivered_works using brin (at_us);
