-- What synthgen read, as JSON.

create function synthgen.schema_ir(target text)
returns jsonb
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'schema_ir_wrapper';
comment on function synthgen.schema_ir(text) is
'The catalog of the target''s schemas as synthgen reads it';

create function synthgen.reference_ir(target text)
returns jsonb
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'reference_ir_wrapper';
comment on function synthgen.reference_ir(text) is
'The reference rows stored for a target, NULL where there are none';

create function synthgen.rules_ir(target text)
returns jsonb
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'rules_ir_wrapper';
comment on function synthgen.rules_ir(text) is
'The rule document stored for a target as synthgen understands it: complete and in one spelling';
