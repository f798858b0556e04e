-- Notes a block of keys that a run wrote.
-- $1 run, $2 OID of the table, $3 its name, $4 first key, $5 last key, $6 increment
insert into synthgen.run_key_stored (run_id, table_oid, table_name, first_key, last_key, key_increment)
values ($1::text::bigint, $2::text::oid, $3::text, $4::text::bigint, $5::text::bigint, $6::text::bigint)
