-- The target of a run of a role.
-- $1 run, $2 OID of the role
select target from synthgen.run_stored where run_id = $1::text::bigint and started_by = $2::text::oid
