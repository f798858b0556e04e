-- The number of this transaction, under which its replies stand in the journal, and a lock that says it goes on.
select current.transaction,
       pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('synthgen.llm_reply of ' || current.transaction, 0))
from (select pg_catalog.pg_current_xact_id()::text as transaction) as current
