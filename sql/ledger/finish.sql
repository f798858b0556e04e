-- Notes a run as done, and forgets how far it was.
-- $1 run
with ended as (
    delete from synthgen.run_state_stored where run_id = $1::text::bigint)
update synthgen.run_stored set status = 'done', finished_at = clock_timestamp()
where run_id = $1::text::bigint and status = 'running'
