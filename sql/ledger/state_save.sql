-- Keeps how far a run is; returns how often it was saved.
-- $1 run, $2 how far
update synthgen.run_state_stored set progress = $2::text, steps = steps + 1
where run_id = $1::text::bigint
returning steps
