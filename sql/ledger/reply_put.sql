-- Whoever stores the same reply at the same time is not waited for: the journal keeps it until then.
insert into synthgen.llm_reply_stored (key, model, reply, truncated, input_tokens, output_tokens, tokens_estimated, cost, stored_by)
select $1, $2, $3, $4::boolean, $5::bigint, $6::bigint, $7::boolean, $8::double precision, $9
where pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('synthgen.llm_reply ' || $1, 0))
on conflict (key) do nothing
