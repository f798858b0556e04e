-- Notes a run as running and returns its number.
-- $1 target, $2 seed, $3 as_of, $4 arguments, $5 algorithm version, $6 OID of the calling role
insert into synthgen.run_stored (target, seed, as_of, arguments, algorithm_version, started_by)
values ($1::text, $2::text::bigint, $3::text::timestamptz, $4::text::jsonb, $5::text::integer, $6::text::oid)
returning run_id
