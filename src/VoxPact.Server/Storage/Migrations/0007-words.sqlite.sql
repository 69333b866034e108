-- The index holds words only; the text stands beside it, under a number that never changes.
create table agent_pages (n integer primary key, agent_id blob not null unique, words text not null);

create virtual table agent_words using fts5 (
    words, content = 'agent_pages', content_rowid = 'n', detail = none, columnsize = 0, prefix = '3 4',
    tokenize = 'unicode61 remove_diacritics 0'
);

create trigger agent_pages_made after insert on agent_pages begin
    insert into agent_words (rowid, words) values (new.n, new.words);
end;

create trigger agent_pages_changed after update on agent_pages begin
    insert into agent_words (agent_words, rowid, words) values ('delete', old.n, old.words);
    insert into agent_words (rowid, words) values (new.n, new.words);
end;

create trigger agent_pages_gone after delete on agent_pages begin
    insert into agent_words (agent_words, rowid, words) values ('delete', old.n, old.words);
end;
