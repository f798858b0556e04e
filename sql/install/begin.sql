-- Security of this script: every name below is written with its schema, nothing is created OR REPLACE or IF NOT
-- EXISTS, and the path holds nobody's objects, so that what others put into a schema cannot slip in.
set local search_path to pg_catalog, pg_temp;
comment on schema synthgen is 'Synthetic data: fills a live schema with rows that look real and break nothing';
grant usage on schema synthgen to public;
