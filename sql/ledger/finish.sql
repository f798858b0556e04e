-- Notes a run as done.
-- $1 run
update synthgen.run_stored set status = 'done', finished_at = clock_timestamp()
where run_id = $1::text::bigint and status = 'running'
