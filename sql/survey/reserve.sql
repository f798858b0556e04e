-- Takes $2 values of the sequence {sequence} (OID $1) in one step: the block begins at its next value, or on its
-- grid beyond $3 (a key that is there, or null), and the sequence is set to the block's last value.
-- Returns the first and the last value; the sequence is set only if the last is within its bounds.
-- One statement, so that another session has no time between the look and the setting. Numeric: sums may pass bigint.
with state as materialized (
    select s.seqincrement::numeric as increment,
           case when s.seqincrement > 0 then s.seqmax else s.seqmin end::numeric as bound,
           q.last_value + case when q.is_called then s.seqincrement::numeric else 0 end as next
      from {sequence} as q
     cross join pg_catalog.pg_sequence s
     where s.seqrelid = $1::text::pg_catalog.oid
),
start as materialized (
    select s.increment, s.bound,
           s.next + s.increment * greatest(0, pg_catalog.floor(($3::text::numeric - s.next) / s.increment) + 1) as first
      from state s
),
block as materialized (
    select s.first, s.first + ($2::text::numeric - 1) * s.increment as last, s.bound * pg_catalog.sign(s.increment) as bound,
           pg_catalog.sign(s.increment) as direction
      from start s
)
select pg_catalog.trunc(b.first), pg_catalog.trunc(b.last),
       case when b.last * b.direction <= b.bound
            then pg_catalog.setval($1::text::pg_catalog.oid::pg_catalog.regclass, b.last::int8) end
  from block b
