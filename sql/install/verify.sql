-- Counting what is broken, and writing tables as files.

create function synthgen.verify(target text, run_id bigint default null, strict bool default false)
returns table (kind text, object text, checked bigint, violations bigint, target_value text, achieved text, verdict text, detail text)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'verify_wrapper';
comment on function synthgen.verify(text, bigint, bool) is
'Counts by SQL what breaks the target''s constraints and a run''s invariants, problems first; strict raises where anything is violated';

create function synthgen.export_csv(target text, directory text, run_id bigint default null, header bool default true,
    delimiter text default ',', null_string text default '')
returns table (table_name text, file text, row_count bigint, bytes bigint)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'export_csv_wrapper';
comment on function synthgen.export_csv(text, text, bigint, bool, text, text) is
'Writes each table of the target as a CSV file into a directory of the server, by COPY TO; with run_id only the rows of that run';

create function synthgen.copy_commands(target text, directory text)
returns setof text
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'copy_commands_wrapper';
comment on function synthgen.copy_commands(text, text) is
'Lines of psql that write each table of the target as a CSV file of the client''s';
