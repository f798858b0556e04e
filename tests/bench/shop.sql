-- The sample shop with its reference rows and rules loaded, and no row yet.
\i samples/sql/ecommerce.sql
create extension synthgen;
\set csv `cat samples/ecommerce_reference.csv`
\set rules `cat samples/rules/ecommerce_rules.json`
select count(*) from synthgen.load_reference('ecommerce', :'csv');
select count(*) from synthgen.load_rules('ecommerce', :'rules');
