-- Notes how a run ended that did not come to its end.
-- $1 run, $2 failed or cancelled, $3 message
update synthgen.run_stored set status = $2::text, error = $3::text, finished_at = clock_timestamp()
where run_id = $1::text::bigint and status = 'running'
