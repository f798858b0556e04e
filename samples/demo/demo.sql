-- What `make demo` runs, as a user would by hand: schema, reference rows, rules, generate, export.
-- psql variables: users, products, orders, reviews, seed, csv_directory. Run in the clone's top directory.

\i samples/sql/ecommerce.sql
create extension synthgen;

\set csv `cat samples/ecommerce_reference.csv`
\set rules `cat samples/rules/ecommerce_rules.json`

\echo
\echo Reference rows loaded
select table_name, max(row_count) as rows, count(column_name) as columns
  from synthgen.load_reference('ecommerce', :'csv')
 group by table_name
 order by min(line);

create temporary table finding as
select * from synthgen.load_rules('ecommerce', :'rules');
select count(*) filter (where severity = 'error') > 0 as refused, count(*) > 0 as noted from finding \gset
\if :noted
    \echo
    \echo What there is to say of the rules
    select * from finding;
\endif
\if :refused
    do $$ begin raise 'the rules were not loaded'; end $$;
\endif

create temporary table summary as
select * from synthgen.generate('ecommerce', users => :'users', products => :'products', orders => :'orders', reviews => :'reviews', seed => :'seed');

\echo
\echo Rows per table, and where they came from
select step, table_name, inserted, llm_rows, reference_rows, algorithmic_rows, verdict, round(elapsed_ms::numeric, 1) as ms, detail
  from summary;

\echo Files in :csv_directory
select table_name, row_count as rows, pg_size_pretty(bytes) as size, regexp_replace(file, '^.*/', '') as file
  from synthgen.export_csv('ecommerce', :'csv_directory');
