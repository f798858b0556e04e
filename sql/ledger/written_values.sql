-- The keys that runs wrote into a table, each once, in chunks of at most 10,000: a row is a JSON array of arrays
-- of text. Run as the extension's owner and read as a stream; every chunk goes into a statement of the caller's.
-- $1 OID of the table
with written as (
    select distinct key.parts
    from synthgen.run_key_stored, jsonb_array_elements(key_values) as key (parts)
    where table_oid = $1::text::oid and key_values is not null
), numbered as (
    select parts, (row_number() over (order by parts) - 1) / 10000 as chunk
    from written
)
select jsonb_agg(parts)
from numbered
group by chunk
order by chunk
