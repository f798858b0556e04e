-- Two runs into one schema wait for each other until the first one's transaction ends.
-- $1 schema
select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('synthgen:' || $1::text, 0))
