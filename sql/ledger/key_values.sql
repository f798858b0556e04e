-- Notes keys that a run wrote; PostgreSQL compresses the chunk.
-- $1 run, $2 OID of the table, $3 its name, $4 keys: an array of arrays of text
insert into synthgen.run_key_stored (run_id, table_oid, table_name, key_values)
values ($1::text::bigint, $2::text::oid, $3::text, $4::text::jsonb)
