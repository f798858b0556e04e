select key
from synthgen.llm_reply_stored
where key in (select pg_catalog.jsonb_array_elements_text($1::jsonb))
