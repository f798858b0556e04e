-- The functions that fill tables or tell how they would. Their arguments are read by position in
-- src/extension/arguments.rs: the same seventeen, in this order, end every list below.

create function synthgen.generate(target text,
    users int default null, products int default null, orders int default null, reviews int default null,
    rows jsonb default '{}', scale float8 default 1, rows_default int default 100,
    include text[] default null, exclude text[] default null, rules jsonb default null,
    seed bigint default 42, as_of timestamptz default null, locale text default null,
    llm text default 'auto', model text default null, existing text default 'auto', load text default 'live')
returns table (step int, table_name text, inserted bigint, llm_rows bigint, reference_rows bigint, algorithmic_rows bigint,
               verdict text, detail text, elapsed_ms float8, run_id bigint)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'generate_wrapper';
comment on function synthgen.generate(text, int, int, int, int, jsonb, float8, int, text[], text[], jsonb, bigint, timestamptz, text, text, text, text, text) is
'Fills the tables of one or more schemas in the caller''s transaction and with the caller''s rights; a row a table';

-- In C, so that requests to a model stay under way over a commit.
create procedure synthgen.generate_in_steps(target text,
    users int default null, products int default null, orders int default null, reviews int default null,
    rows jsonb default '{}', scale float8 default 1, rows_default int default 100,
    include text[] default null, exclude text[] default null, rules jsonb default null,
    seed bigint default 42, as_of timestamptz default null, locale text default null,
    llm text default 'auto', model text default null, existing text default 'auto', load text default 'live')
language c as 'MODULE_PATHNAME', 'generate_in_steps_wrapper';
comment on procedure synthgen.generate_in_steps(text, int, int, int, int, jsonb, float8, int, text[], text[], jsonb, bigint, timestamptz, text, text, text, text, text) is
'What generate does, committed after each table, each 250,000 rows and each paid reply; the same call goes on where an interrupted one ended';

create function synthgen.run_step(run_id bigint)
returns bool
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'run_step_wrapper';
comment on function synthgen.run_step(bigint) is
'Does one step of a run that generate_in_steps began and that did not come to its end, in the caller''s transaction; whether there are more';

create function synthgen.plan(target text,
    users int default null, products int default null, orders int default null, reviews int default null,
    rows jsonb default '{}', scale float8 default 1, rows_default int default 100,
    include text[] default null, exclude text[] default null, rules jsonb default null,
    seed bigint default 42, as_of timestamptz default null, locale text default null,
    llm text default 'auto', model text default null, existing text default 'auto', load text default 'live')
returns table (kind text, step int, table_name text, row_count bigint, column_name text, type text, source text,
               detail text, decided_by text, constraint_name text, verdict text)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'plan_wrapper';
comment on function synthgen.plan(text, int, int, int, int, jsonb, float8, int, text[], text[], jsonb, bigint, timestamptz, text, text, text, text, text) is
'What generate would do, and who decided: tables first, then columns, constraints, relations and what is skipped; writes nothing';

create function synthgen.explain(target text,
    users int default null, products int default null, orders int default null, reviews int default null,
    rows jsonb default '{}', scale float8 default 1, rows_default int default 100,
    include text[] default null, exclude text[] default null, rules jsonb default null,
    seed bigint default 42, as_of timestamptz default null, locale text default null,
    llm text default 'auto', model text default null, existing text default 'auto', load text default 'live')
returns setof text
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'explain_wrapper';
comment on function synthgen.explain(text, int, int, int, int, jsonb, float8, int, text[], text[], jsonb, bigint, timestamptz, text, text, text, text, text) is
'What generate would do, as a page for people: a line a table, more only where it is not obvious; writes nothing';

create function synthgen.plan_document(target text,
    users int default null, products int default null, orders int default null, reviews int default null,
    rows jsonb default '{}', scale float8 default 1, rows_default int default 100,
    include text[] default null, exclude text[] default null, rules jsonb default null,
    seed bigint default 42, as_of timestamptz default null, locale text default null,
    llm text default 'auto', model text default null, existing text default 'auto', load text default 'live')
returns jsonb
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'plan_document_wrapper';
comment on function synthgen.plan_document(text, int, int, int, int, jsonb, float8, int, text[], text[], jsonb, bigint, timestamptz, text, text, text, text, text) is
'What generate would do, as one document; writes nothing';

create function synthgen.preview(target text, table_name text, n int default 5,
    users int default null, products int default null, orders int default null, reviews int default null,
    rows jsonb default '{}', scale float8 default 1, rows_default int default 100,
    include text[] default null, exclude text[] default null, rules jsonb default null,
    seed bigint default 42, as_of timestamptz default null, locale text default null,
    llm text default 'auto', model text default null, existing text default 'auto', load text default 'live')
returns setof jsonb
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'preview_wrapper';
comment on function synthgen.preview(text, text, int, int, int, int, int, jsonb, float8, int, text[], text[], jsonb, bigint, timestamptz, text, text, text, text, text) is
'The first rows that generate would insert into a table, with the rows they refer to under _parents; writes nothing and moves no sequence';
