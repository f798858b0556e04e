-- The language model.

create function synthgen.llm_check()
returns table (item text, value text)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'llm_check_wrapper';
comment on function synthgen.llm_check() is
'One tiny question to the language model: where it is, what it understands, how long it takes and what it costs, or the exact failure';

-- Runs as the caller, who sees the replies of his own roles.
create function synthgen.export_replies()
returns setof text
language sql volatile parallel unsafe as $$
    select pg_catalog.jsonb_build_object(
               'key', r.key, 'model', r.model, 'reply', r.reply, 'truncated', r.truncated, 'input_tokens', r.input_tokens,
               'output_tokens', r.output_tokens, 'tokens_estimated', r.tokens_estimated, 'cost', r.cost)::pg_catalog.text
    from synthgen.llm_reply as r
    order by r.key
$$;
comment on function synthgen.export_replies() is
'The replies that are replayed, one JSON object a line';

-- Runs as the caller, and only superusers may write the table: whoever imports a reply could forge one.
create function synthgen.import_replies(lines text)
returns bigint
language sql volatile parallel unsafe as $$
    with imported as (
        insert into synthgen.llm_reply_stored (
            key, model, reply, truncated, input_tokens, output_tokens, tokens_estimated, cost, stored_by)
        select r.key, r.model, r.reply, r.truncated, r.input_tokens, r.output_tokens, r.tokens_estimated, r.cost, current_user
        from pg_catalog.regexp_split_to_table(lines, '\r?\n') as line (content)
        cross join lateral pg_catalog.jsonb_to_record(nullif(pg_catalog.btrim(line.content), '')::pg_catalog.jsonb) as r (
            key pg_catalog.text, model pg_catalog.text, reply pg_catalog.text, truncated pg_catalog.bool,
            input_tokens pg_catalog.int8, output_tokens pg_catalog.int8, tokens_estimated pg_catalog.bool, cost pg_catalog.float8)
        where pg_catalog.btrim(line.content) operator(pg_catalog.<>) ''
        on conflict (key) do nothing
        returning 1)
    select pg_catalog.count(*) from imported
$$;
comment on function synthgen.import_replies(text) is
'Stores replies from the lines of export_replies and tells how many were new; for superusers';

create function synthgen.llm_forget()
returns bigint
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'llm_forget_wrapper';
comment on function synthgen.llm_forget() is
'Removes all replies, the prompts and replies of the record, and what the journal of this database holds; tells how many replies; for superusers';

create function synthgen.prompt(target text, table_name text, batch int default 1,
    users int default null, products int default null, orders int default null, reviews int default null,
    rows jsonb default '{}', scale float8 default 1, rows_default int default 100,
    include text[] default null, exclude text[] default null, rules jsonb default null,
    seed bigint default 42, as_of timestamptz default null, locale text default null,
    llm text default 'auto', model text default null, existing text default 'auto', load text default 'live')
returns text
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'prompt_wrapper';
comment on function synthgen.prompt(text, text, int, int, int, int, int, jsonb, float8, int, text[], text[], jsonb, bigint, timestamptz, text, text, text, text, text) is
'The prompt that generate would send for a batch of a table, vocabularies after the last; sends nothing';

create function synthgen.prompt_templates()
returns table (name text, template text, built_in bool)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'prompt_templates_wrapper';
comment on function synthgen.prompt_templates() is
'The templates of prompts that are in force; a row of prompt_template replaces a built-in one';

create function synthgen.export_run(run_id bigint, directory text)
returns table (file text, bytes bigint)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'export_run_wrapper';
comment on function synthgen.export_run(bigint, text) is
'Writes a run as a folder into a directory of the server: inputs, what was read of them, traces of the model, rows';

create function synthgen.export_config(target text)
returns jsonb
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'export_config_wrapper';
comment on function synthgen.export_config(text) is
'Rules and reference rows of a target, your lists of words, and the replies that you see, as one document';

create function synthgen.import_config(config jsonb)
returns table (item text, imported bigint)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'import_config_wrapper';
comment on function synthgen.import_config(jsonb) is
'Stores what export_config wrote, in the place of what is stored for the same target; replies are for superusers';
