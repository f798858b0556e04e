-- What a role's run that did not come to its end began from, and how far it is.
-- $1 run, $2 OID of the role
select state.begun, state.progress
from synthgen.run_state_stored as state
join synthgen.run_stored as run using (run_id)
where state.run_id = $1::text::bigint and run.status = 'running' and run.started_by = $2::text::oid
