-- The ids, 16 bytes each, of the jobs and operations that a commit is about: by them its entries and facts are found
-- again without an index that every life cycle would have to write. Null in commits from before there was this column.
alter table batches add column subjects $bytes$;
