-- Stores what ended transactions left in the journal: $1 JSON array of records. One session at a time, for others would
-- wait for its rows; and nothing of a transaction that goes on: it holds the lock of replies_begin.sql.
insert into synthgen.llm_reply_stored (key, model, reply, truncated, input_tokens, output_tokens, tokens_estimated, cost, stored_by)
select distinct on (left_behind.key) left_behind.key, left_behind.model, left_behind.reply, left_behind.truncated,
       left_behind.input_tokens, left_behind.output_tokens, left_behind.tokens_estimated, left_behind.cost, left_behind.role
from pg_catalog.jsonb_to_recordset($1::jsonb) as left_behind (
    key text, model text, reply text, truncated boolean, input_tokens bigint, output_tokens bigint,
    tokens_estimated boolean, cost double precision, role text, transaction text)
where pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('synthgen.llm_reply', 0))
  and pg_catalog.pg_try_advisory_xact_lock_shared(pg_catalog.hashtextextended('synthgen.llm_reply of ' || left_behind.transaction, 0))
order by left_behind.key
on conflict (key) do nothing
