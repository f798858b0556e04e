-- Of the keys given, how many an earlier transaction has stored: a row that is seen here and was not written here.
select count(*)
from synthgen.llm_reply_stored
where key in (select pg_catalog.jsonb_array_elements_text($1::jsonb))
  and written_in is distinct from pg_catalog.pg_current_xact_id_if_assigned()
