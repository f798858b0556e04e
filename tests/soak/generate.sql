-- Fills the sample shop. psql variables: orders; backend, the file to write the backend's process number to.

\i samples/sql/ecommerce.sql
create extension synthgen;
\set csv `cat samples/ecommerce_reference.csv`
\set rules `cat samples/rules/ecommerce_rules.json`
select count(*) from synthgen.load_reference('ecommerce', :'csv');
select count(*) from synthgen.load_rules('ecommerce', :'rules');

-- A new session: what loading left in the backend's memory is not the run's.
\connect
\pset tuples_only on
\pset format unaligned
select pg_backend_pid() \g :backend
select count(*) from synthgen.generate('ecommerce', users => 200, products => 500, orders => :'orders', reviews => 300, seed => 42);
