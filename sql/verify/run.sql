-- The target of one of the caller's runs; no row where there is no such run.
-- $1 run
select target, status from synthgen.run where run_id = $1::text::bigint
