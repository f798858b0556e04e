-- The language model.

create function synthgen.llm_check()
returns table (item text, value text)
language c volatile parallel unsafe as 'MODULE_PATHNAME', 'llm_check_wrapper';
comment on function synthgen.llm_check() is
'One tiny question to the language model: where it is, what it understands, how long it takes and what it costs, or the exact failure';
