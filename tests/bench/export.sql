-- Prints the statements that write each filled table to a file and read it back, in the order in which it was filled.
select pg_catalog.format('copy %s (%s) %s %L;', t.table_name, c.columns, w.way, :'files' || '/' || t.step)
  from synthgen.run_table t
  join pg_catalog.pg_class r on r.oid = t.table_name::pg_catalog.regclass
 cross join lateral (
       select pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' order by a.attnum) as columns
         from pg_catalog.pg_attribute a
        where a.attrelid = r.oid
          and a.attnum > 0
          and not a.attisdropped
          and a.attgenerated = '') c
 cross join (values ('to'), ('from')) as w (way)
 where t.inserted > 0
 order by w.way, t.step;
