create table agent_pages (
    agent_id uuid primary key, words text not null,
    tokens tsvector generated always as (array_to_tsvector(string_to_array(words, ' '))) stored
);
create index agent_pages_by_token on agent_pages using gin (tokens);
