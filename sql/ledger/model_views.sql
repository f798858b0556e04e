-- What callers see of the model's tables: what was asked and paid by roles whose rights they have, and all prices.

create view synthgen.llm_call with (security_barrier) as
    select run_id, call, table_name, batch, attempt, purpose, model, prompt, reply, extracted, rejected,
           input_tokens, output_tokens, tokens_estimated, cost, latency_ms, outcome, error,
           replayed, requests, instructions, called_at
    from synthgen.llm_call_stored
    where pg_catalog.pg_has_role(called_by, 'USAGE');
comment on view synthgen.llm_call is 'Questions to a language model, asked by roles whose rights you have';
comment on column synthgen.llm_call.run_id is 'The run; NULL for a check';
comment on column synthgen.llm_call.call is 'Number of the question within its run';
comment on column synthgen.llm_call.table_name is 'Table whose rows were asked for';
comment on column synthgen.llm_call.batch is 'Batch of the table, from 1';
comment on column synthgen.llm_call.attempt is 'From 1; a question repeated with reasons is the next attempt';
comment on column synthgen.llm_call.purpose is 'write, repair, author or check';
comment on column synthgen.llm_call.model is 'Name of the model';
comment on column synthgen.llm_call.prompt is 'What it was asked';
comment on column synthgen.llm_call.reply is 'Its reply, as it came';
comment on column synthgen.llm_call.extracted is 'The rows as read from the reply';
comment on column synthgen.llm_call.rejected is 'Cells that were not taken, with the reasons';
comment on column synthgen.llm_call.input_tokens is 'Tokens of the prompt';
comment on column synthgen.llm_call.output_tokens is 'Tokens of the reply';
comment on column synthgen.llm_call.tokens_estimated is 'Whether the server was silent about tokens';
comment on column synthgen.llm_call.cost is 'US dollars; NULL where the price is not known';
comment on column synthgen.llm_call.latency_ms is 'Milliseconds from the first request to the end, waits included';
comment on column synthgen.llm_call.outcome is 'ok, repaired, partial, unusable or failed';
comment on column synthgen.llm_call.error is 'What went wrong, on the way or at the end';
comment on column synthgen.llm_call.replayed is 'Whether the reply was kept from an earlier question and cost nothing';
comment on column synthgen.llm_call.requests is 'Requests that were sent and not refused';
comment on column synthgen.llm_call.instructions is 'What the model was told to be';
comment on column synthgen.llm_call.called_at is 'When its reply was noted, by the server''s clock';

create view synthgen.llm_reply with (security_barrier) as
    select r.key, r.model, r.reply, r.truncated, r.input_tokens, r.output_tokens, r.tokens_estimated, r.cost, r.stored_by, r.stored_at
    from synthgen.llm_reply_stored as r
    where exists (
        select from pg_catalog.pg_roles as role
        where role.rolname = r.stored_by and pg_catalog.pg_has_role(role.oid, 'USAGE'));
comment on view synthgen.llm_reply is 'Replies that are replayed, paid by roles whose rights you have';
comment on column synthgen.llm_reply.key is 'Names the question by what is asked and told';
comment on column synthgen.llm_reply.model is 'Name of the model';
comment on column synthgen.llm_reply.reply is 'The reply, as it came';
comment on column synthgen.llm_reply.truncated is 'Whether the server cut it at the token limit';
comment on column synthgen.llm_reply.input_tokens is 'Tokens of the prompt';
comment on column synthgen.llm_reply.output_tokens is 'Tokens of the reply';
comment on column synthgen.llm_reply.tokens_estimated is 'Whether the server was silent about tokens';
comment on column synthgen.llm_reply.cost is 'US dollars; NULL where the price is not known';
comment on column synthgen.llm_reply.stored_by is 'Role that paid';
comment on column synthgen.llm_reply.stored_at is 'When it was stored, by the server''s clock';

create view synthgen.llm_price as
    select model, input_usd, output_usd, as_of, source
    from synthgen.llm_price_stored;
comment on view synthgen.llm_price is 'Prices of models, with the day on which they were read';
comment on column synthgen.llm_price.model is 'Beginning of the model''s name; the longest that fits decides';
comment on column synthgen.llm_price.input_usd is 'US dollars for a million tokens of the prompt';
comment on column synthgen.llm_price.output_usd is 'US dollars for a million tokens of the reply';
comment on column synthgen.llm_price.as_of is 'When the price was read';
comment on column synthgen.llm_price.source is 'Who said so';

grant select on synthgen.llm_call, synthgen.llm_reply, synthgen.llm_price to public;
