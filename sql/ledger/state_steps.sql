-- How often a run was saved, if nobody else carries it out: takes the run's lock until the transaction ends.
-- $1 run
select case when pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('synthgen.run ' || $1::text, 0))
            then (select steps from synthgen.run_state_stored where run_id = $1::text::bigint) end
