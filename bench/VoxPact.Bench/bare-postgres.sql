-- The rows that the server writes for each command of a life cycle, one function and one commit each. The rows of
-- shared commits (batches) are left out, in favour of this loop.
create or replace function bare_people(pairs int) returns void language plpgsql as $f$
begin
  for i in 0..pairs - 1 loop
    insert into owners values (md5('bo' || i)::uuid, 'b@example.com', null, 'cus_b' || i, 'pm', null, 0, 1000000000000, 0, 0, null, 0, 0, 0, 0, null, 0, 0, 0),
                              (md5('wo' || i)::uuid, 'w@example.com', null, 'cus_w' || i, 'pm', null, 0, 0, 0, 0, null, 0, 0, 0, 0, null, 0, 0, 0);
    insert into agents values (md5('b' || i)::uuid, md5('bo' || i)::uuid, 'b' || i, 1, sha256(('b' || i)::bytea), null, 1, '', '[]', null, null, null, 0, 1, 0, 0, 0, null, 0, 0),
                              (md5('w' || i)::uuid, md5('wo' || i)::uuid, 'w' || i, 1, sha256(('w' || i)::bytea), null, 1, '', '[]', null, null, null, 0, 1, 0, 0, 0, null, 0, 0);
  end loop;
end $f$;

create or replace function bare_log(job uuid, sequence int, event uuid, kind int, now bigint, data text) returns void language sql as $f$
  insert into facts values (job, sequence, event, kind, now, data, 1);
$f$;

create or replace function bare_line(owner uuid, line bigint, job uuid, slot_ int, leg_ int, kind int) returns void language sql as $f$
  insert into account_lines values (owner, line, job, slot_, leg_, kind, 1000000000000, 10, 9, 0, 0, 0);
$f$;

create or replace function bare_answer(agent uuid, salt uuid, body text, now bigint) returns void language sql as $f$
  insert into idempotency values (agent, substr(sha256(salt::text::bytea), 1, 16), sha256(salt::text::bytea), 200, body::bytea, 0, now);
$f$;

create or replace function bare_post(job uuid, pair int, now bigint, a uuid, b uuid, c uuid) returns void language plpgsql as $f$
declare buyer uuid := md5('b' || pair)::uuid; worker uuid := md5('w' || pair)::uuid; line bigint;
begin
  perform 1 from owners where id = md5('bo' || pair)::uuid for no key update;
  update owners set available_minor = available_minor - 10, escrow_minor = 10, statement_lines = statement_lines + 1 where id = md5('bo' || pair)::uuid returning statement_lines into line;
  perform bare_line(md5('bo' || pair)::uuid, line, job, 1, 0, 2);
  insert into jobs values (job, buyer, md5('bo' || pair)::uuid, worker, md5('wo' || pair)::uuid, 0, 'Summarise this document', 2, 10, 10, 0, 1, 48, 2, 0, null, null, now + 86400000000, now + 86400000000, null, 0, null, 1, now, null, null, null);
  insert into job_terms values (job, 'Summarise the document on the quarterly results in one sentence.', null, null, '[]', null);
  insert into entries values (job, 1, 0, 2, 2, md5('bo' || pair)::uuid, 3, job, 10, now, 1);
  perform bare_log(job, 1, a, 1, now, '{"job_id":"job_01m856e6v4et3v29teq4gb34hb","state":"offered","amount_minor":10}');
  insert into inbox values (worker, pg_current_xact_id()::text::bigint, job, 1);
  insert into work values (b, 1, 101, job, now + 86400000000, null, now + 86400000000, 0, 0, null);
  perform bare_answer(buyer, c, repeat('x', 760), now);
end $f$;

create or replace function bare_accept(job uuid, pair int, now bigint, a uuid, b uuid, c uuid) returns void language plpgsql as $f$
begin
  perform 1 from jobs where id = job for no key update;
  update jobs set state = 3, fee_bps = 1000, accepted_us = now, due_us = now + 86400000000, sequence = 2 where id = job;
  perform bare_log(job, 2, a, 2, now, '{"job_id":"job_01m856e6v4et3v29teq4gb34hb","state":"active","amount_minor":10}');
  insert into inbox values (md5('b' || pair)::uuid, pg_current_xact_id()::text::bigint, job, 2);
  insert into work values (b, 1, 101, job, now + 86400000001, null, now + 86400000001, 0, 0, null);
  perform bare_answer(md5('w' || pair)::uuid, c, repeat('x', 640), now);
end $f$;

create or replace function bare_submit(job uuid, pair int, now bigint, a uuid, b uuid, c uuid) returns void language plpgsql as $f$
begin
  perform 1 from jobs where id = job for no key update;
  update jobs set state = 4, submissions = 1, deliverable_hash = sha256(job::text::bytea), submitted_us = now, paused_since_us = now, due_us = now + 604800000000, sequence = 3 where id = job;
  insert into submissions values (job, 1, '"Summary: The document discusses the quarterly results and finds revenue up 12 percent."', sha256(job::text::bytea), null, now, null, null, null, null);
  perform bare_log(job, 3, a, 4, now, '{"job_id":"job_01m856e6v4et3v29teq4gb34hb","state":"validating","submission":1,"deliverable_sha256":"' || repeat('0', 64) || '"}');
  insert into inbox values (md5('b' || pair)::uuid, pg_current_xact_id()::text::bigint, job, 3);
  insert into work values (b, 2, 201, job, 1, null, now, 0, 0, null), (c, 1, 101, job, now + 604800000000, null, now + 604800000000, 0, 0, null);
  perform bare_answer(md5('w' || pair)::uuid, b, repeat('x', 700), now);
end $f$;

create or replace function bare_verdict(job_ uuid, pair int, now bigint, a uuid, b uuid, c uuid) returns void language plpgsql as $f$
declare item uuid;
begin
  perform 1 from jobs where id = job_ for no key update;
  select id into item from work where queue = 2 and due_us <= now order by due_us limit 1 for update skip locked;
  update work set lease_until_us = now + 60000000, attempts = 1 where id = item;
  update jobs set state = 5, verdict = 1, due_us = now + 172800000000, sequence = 4 where id = job_;
  update submissions set outcome = 1, judged_us = now, verdict = repeat('x', 620) where job_id = job_ and number = 1;
  perform bare_log(job_, 4, a, 5, now, '{"job_id":"job_01m856e6v4et3v29teq4gb34hb","state":"review","submission":1,"deliverable_sha256":"' || repeat('0', 64) || '","outcome":"pass"}');
  insert into inbox values (md5('b' || pair)::uuid, pg_current_xact_id()::text::bigint, job_, 4), (md5('w' || pair)::uuid, pg_current_xact_id()::text::bigint, job_, 4);
  delete from work where id = item;
  insert into work values (b, 1, 101, job_, now + 172800000000, null, now + 172800000000, 0, 0, null);
end $f$;

create or replace function bare_approve(job_ uuid, pair int, now bigint, a uuid, b uuid, c uuid) returns void language plpgsql as $f$
declare buyer uuid := md5('b' || pair)::uuid; worker uuid := md5('w' || pair)::uuid; line bigint;
begin
  perform 1 from jobs where id = job_ for no key update;
  perform 1 from owners where id in (md5('wo' || pair)::uuid, md5('bo' || pair)::uuid) order by id for no key update;
  update owners set earnings_minor = earnings_minor + 9, statement_lines = statement_lines + 1 where id = md5('wo' || pair)::uuid returning statement_lines into line;
  perform bare_line(md5('wo' || pair)::uuid, line, job_, 3, 0, 4);
  update owners set escrow_minor = 0, statement_lines = statement_lines + 2 where id = md5('bo' || pair)::uuid returning statement_lines into line;
  perform bare_line(md5('bo' || pair)::uuid, line - 1, job_, 3, 0, 4), bare_line(md5('bo' || pair)::uuid, line, job_, 3, 1, 4);
  update jobs set state = 8, escrow_minor = 0, due_us = null, closed = 2, completed_us = now, sequence = 7 where id = job_;
  insert into entries values (job_, 3, 0, 4, 3, job_, 4, md5('wo' || pair)::uuid, 9, now, 1), (job_, 3, 1, 4, 3, job_, 6, '00000000-0000-0000-0000-000000000000', 1, now, 1);
  perform bare_log(job_, 5, a, 7, now, '{"job_id":"job_01m856e6v4et3v29teq4gb34hb","state":"review"}');
  perform bare_log(job_, 6, b, 8, now, '{"job_id":"job_01m856e6v4et3v29teq4gb34hb","state":"completed","amount_minor":10,"reason":"approved"}');
  perform bare_log(job_, 7, c, 18, now, '{"job_id":"job_01m856e6v4et3v29teq4gb34hb","state":"completed","amount_minor":10,"fee_minor":1,"net_minor":9}');
  insert into inbox values (worker, pg_current_xact_id()::text::bigint, job_, 5), (buyer, pg_current_xact_id()::text::bigint, job_, 6), (worker, pg_current_xact_id()::text::bigint, job_, 6), (worker, pg_current_xact_id()::text::bigint, job_, 7);
  perform bare_answer(buyer, c, repeat('x', 700), now);
end $f$;
