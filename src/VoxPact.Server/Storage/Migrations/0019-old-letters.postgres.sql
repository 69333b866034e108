-- As those of 0010: what is old is found by its age.
create index letters_by_age on letters using brin (created_us);
