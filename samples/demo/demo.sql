-- What `make demo` runs, as a user would by hand: schema, reference rows, rules, generate, export.
-- psql variables: users, products, orders, reviews, seed, csv_directory, and for `make demo-llm` base_url. Run in the
-- clone's top directory.

\i samples/sql/ecommerce.sql
create extension synthgen;

\if :{?base_url}
    load 'synthgen';
    select format('alter database %I set synthgen.llm_base_url = %L', current_database(), :'base_url') as statement \gexec
    select format('alter database %I set synthgen.llm_models = %L', current_database(), 'scripted') as statement \gexec
    -- The settings take effect with the next connection.
    \c
    \echo
    \echo The language model
    select * from synthgen.llm_check();
\endif

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

\if :{?base_url}
    \echo
    \echo What the model was asked
    select table_name, purpose, count(*) as questions, sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
           string_agg(distinct outcome, ', ') as outcomes
      from synthgen.llm_call
     where run_id is not null
     group by table_name, purpose
     order by min(call);
\endif
