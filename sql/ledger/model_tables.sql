-- What synthgen remembers of language models: exchanges, replies to replay, prices.
-- The tables are granted to nobody; callers read the views of model_views.sql.

create table synthgen.llm_call_stored (
    call_id          bigint generated always as identity primary key,
    run_id           bigint references synthgen.run_stored on delete cascade,
    call             integer not null,
    called_by        oid not null,
    called_at        timestamptz not null default clock_timestamp(),
    table_name       text not null,
    batch            integer not null,
    attempt          integer not null,
    purpose          text not null,
    model            text not null,
    instructions     text not null,
    prompt           text not null,
    reply            text,
    extracted        jsonb,
    rejected         jsonb,
    replayed         boolean not null,
    requests         integer not null,
    input_tokens     bigint not null,
    output_tokens    bigint not null,
    tokens_estimated boolean not null,
    cost             double precision,
    latency_ms       double precision not null,
    outcome          text not null,
    error            text,
    unique (run_id, call)
);
comment on table synthgen.llm_call_stored is 'Questions to a language model; read them through the view llm_call';
comment on column synthgen.llm_call_stored.call_id is 'Order over all runs';
comment on column synthgen.llm_call_stored.run_id is 'The run; NULL for a check';
comment on column synthgen.llm_call_stored.call is 'Number of the question within its run';
comment on column synthgen.llm_call_stored.called_by is 'OID of the role that asked';
comment on column synthgen.llm_call_stored.called_at is 'When its reply was noted, by the server''s clock';
comment on column synthgen.llm_call_stored.table_name is 'Table whose rows were asked for';
comment on column synthgen.llm_call_stored.batch is 'Batch of the table, from 1';
comment on column synthgen.llm_call_stored.attempt is 'From 1; a question repeated with reasons is the next attempt';
comment on column synthgen.llm_call_stored.purpose is 'write, repair, author or check';
comment on column synthgen.llm_call_stored.model is 'Name of the model';
comment on column synthgen.llm_call_stored.instructions is 'What the model was told to be';
comment on column synthgen.llm_call_stored.prompt is 'What it was asked';
comment on column synthgen.llm_call_stored.reply is 'Its reply, as it came';
comment on column synthgen.llm_call_stored.extracted is 'The rows as read from the reply';
comment on column synthgen.llm_call_stored.rejected is 'Cells that were not taken, with the reasons';
comment on column synthgen.llm_call_stored.replayed is 'Whether the reply was kept from an earlier question and cost nothing';
comment on column synthgen.llm_call_stored.requests is 'Requests that were sent and not refused';
comment on column synthgen.llm_call_stored.input_tokens is 'Tokens of the prompt';
comment on column synthgen.llm_call_stored.output_tokens is 'Tokens of the reply';
comment on column synthgen.llm_call_stored.tokens_estimated is 'Whether the server was silent about tokens';
comment on column synthgen.llm_call_stored.cost is 'US dollars; NULL where the price is not known';
comment on column synthgen.llm_call_stored.latency_ms is 'Milliseconds from the first request to the end, waits included';
comment on column synthgen.llm_call_stored.outcome is 'ok, repaired, partial, unusable or failed';
comment on column synthgen.llm_call_stored.error is 'What went wrong, on the way or at the end';

create table synthgen.llm_reply_stored (
    key              text primary key,
    model            text not null,
    reply            text not null,
    truncated        boolean not null,
    input_tokens     bigint not null,
    output_tokens    bigint not null,
    tokens_estimated boolean not null,
    cost             double precision,
    stored_by        text not null,
    stored_at        timestamptz not null default clock_timestamp(),
    written_in       xid8 not null default pg_current_xact_id()
);
comment on table synthgen.llm_reply_stored is 'Replies that were paid for, by question; read them through the view llm_reply';
comment on column synthgen.llm_reply_stored.key is 'Names the question by what is asked and told';
comment on column synthgen.llm_reply_stored.model is 'Name of the model';
comment on column synthgen.llm_reply_stored.reply is 'The reply, as it came';
comment on column synthgen.llm_reply_stored.truncated is 'Whether the server cut it at the token limit';
comment on column synthgen.llm_reply_stored.input_tokens is 'Tokens of the prompt';
comment on column synthgen.llm_reply_stored.output_tokens is 'Tokens of the reply';
comment on column synthgen.llm_reply_stored.tokens_estimated is 'Whether the server was silent about tokens';
comment on column synthgen.llm_reply_stored.cost is 'US dollars; NULL where the price is not known';
comment on column synthgen.llm_reply_stored.stored_by is 'Role that paid';
comment on column synthgen.llm_reply_stored.stored_at is 'When it was stored, by the server''s clock';
comment on column synthgen.llm_reply_stored.written_in is 'Transaction that stored it';

create table synthgen.llm_price_stored (
    model      text primary key,
    input_usd  double precision not null check (input_usd >= 0),
    output_usd double precision not null check (output_usd >= 0),
    as_of      date not null,
    source     text not null,
    built_in   boolean not null default false
);
comment on table synthgen.llm_price_stored is 'Prices of models; a superuser may change them; read them through the view llm_price';
comment on column synthgen.llm_price_stored.model is 'Beginning of the model''s name; the longest that fits decides';
comment on column synthgen.llm_price_stored.input_usd is 'US dollars for a million tokens of the prompt';
comment on column synthgen.llm_price_stored.output_usd is 'US dollars for a million tokens of the reply';
comment on column synthgen.llm_price_stored.as_of is 'When the price was read';
comment on column synthgen.llm_price_stored.source is 'Who said so';
comment on column synthgen.llm_price_stored.built_in is 'Whether it came with the extension';
