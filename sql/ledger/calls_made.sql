select coalesce(sum(requests), 0)::bigint,
       coalesce(sum(cost), 0)
from synthgen.llm_call_stored
where run_id = $1::bigint
