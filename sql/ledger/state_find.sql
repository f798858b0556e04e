-- The latest run of a role that made the same call and did not come to its end: its number.
-- $1 OID of the role, $2 arguments
select run.run_id
from synthgen.run_state_stored as state
join synthgen.run_stored as run using (run_id)
where run.status = 'running' and run.started_by = $1::text::oid and state.progress <> ''
  and state.call = $2::text::jsonb - 'today'
order by run.run_id desc
limit 1
