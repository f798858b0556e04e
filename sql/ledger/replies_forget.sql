-- Run as the caller: only superusers may delete from these tables.
with calls as (
    delete from synthgen.llm_call_stored),
replies as (
    delete from synthgen.llm_reply_stored
    returning key)
select count(*)::text
from replies
