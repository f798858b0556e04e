-- The integer keys that runs wrote into a table, as few blocks as hold them; run as the extension's owner.
-- A row for each lattice of keys {residue + n * step}: step, residue, and two arrays of equal length with the
-- first and the last key of each block, sorted, disjoint, so that a key is found in them by width_bucket().
-- Keys noted one by one are blocks of length one; neighbours and overlaps melt together.
-- $1 OID of the table
with noted as (
    select least(first_key, last_key) as first_key,
           greatest(first_key, last_key) as last_key,
           abs(key_increment) as step
    from synthgen.run_key_stored
    where table_oid = $1::text::oid and first_key is not null
  union all
    select (key.parts ->> 0)::bigint, (key.parts ->> 0)::bigint, 1
    from synthgen.run_key_stored, jsonb_array_elements(key_values) as key (parts)
    where table_oid = $1::text::oid and key_values is not null
), placed as (
    select first_key, last_key, step, mod(mod(first_key, step) + step, step) as residue
    from noted
), followed as (
    select *,
           max(last_key) over (partition by step, residue order by first_key, last_key
                               rows between unbounded preceding and 1 preceding) as reached
    from placed
), numbered as (
    select *,
           count(*) filter (where reached is null or first_key > reached + step)
               over (partition by step, residue order by first_key, last_key) as block
    from followed
), block as (
    select step, residue, min(first_key) as first_key, max(last_key) as last_key
    from numbered
    group by step, residue, block
)
select step, residue, array_agg(first_key order by first_key) as firsts, array_agg(last_key order by first_key) as lasts
from block
group by step, residue
order by step, residue
