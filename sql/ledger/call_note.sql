insert into synthgen.llm_call_stored (
    run_id, call, called_by, table_name, batch, attempt, purpose, model, instructions, prompt, reply, extracted, rejected,
    replayed, requests, input_tokens, output_tokens, tokens_estimated, cost, latency_ms, outcome, error)
select nullif($1, '')::bigint,
       (select coalesce(max(before.call), 0) + 1
        from synthgen.llm_call_stored as before
        where before.run_id = nullif($1, '')::bigint),
       $2::oid, $3, $4::integer, $5::integer, $6, $7, $8, $9, $10, $11::jsonb, $12::jsonb,
       $13::boolean, $14::integer, $15::bigint, $16::bigint, $17::boolean, $18::double precision, $19::double precision, $20, $21
