-- Rules and reference rows of a target, checked against its catalog and stored.

create function synthgen.check_rules(target text, document jsonb)
returns table (path text, severity text, message text, hint text)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'check_rules_wrapper';
comment on function synthgen.check_rules(text, jsonb) is
'What is wrong with a rule document, by JSON pointer; stores nothing';

create function synthgen.load_rules(target text, document jsonb)
returns table (path text, severity text, message text, hint text)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'load_rules_wrapper';
comment on function synthgen.load_rules(text, jsonb) is
'Stores the rule document of a target in the place of the one before, unless any row of the result is an error; for owners of the schema or of every table the document speaks of';

create function synthgen.rules(target text)
returns jsonb
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'stored_rules_wrapper';
comment on function synthgen.rules(text) is
'The rule document stored for a target, NULL where there is none';

create function synthgen.load_reference(target text, csv text)
returns table (section text, line int, header text, table_name text, column_name text, row_count bigint, note text)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'load_reference_wrapper';
comment on function synthgen.load_reference(text, text) is
'Stores reference rows of a target in the place of those before of the same tables and reports how each header was mapped; for owners of the schema or of every table the file names';

create function synthgen.load_vocabulary(name text, csv text)
returns bigint
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'load_vocabulary_wrapper';
comment on function synthgen.load_vocabulary(text, text) is
'Keeps a list of words for your calls in the place of the one before of that name, and returns how many lines it has; a list named as one of synthgen''s own stands in its place';
