-- What the current user may do with the sequences of $1 (a JSON array of OIDs), in that order.
-- The last column is told to whoever may use a sequence but not read it; null while nothing was drawn from it.
select l.place - 1,
       pg_catalog.has_sequence_privilege(s.seqrelid, 'SELECT'),
       pg_catalog.has_sequence_privilege(s.seqrelid, 'UPDATE'),
       pg_catalog.has_sequence_privilege(s.seqrelid, 'USAGE'),
       case when pg_catalog.has_sequence_privilege(s.seqrelid, 'USAGE') then pg_catalog.pg_sequence_last_value(s.seqrelid) end
  from pg_catalog.json_array_elements_text($1::text::json) with ordinality as l (oid, place)
  join pg_catalog.pg_sequence s on s.seqrelid = l.oid::pg_catalog.oid
 order by l.place
