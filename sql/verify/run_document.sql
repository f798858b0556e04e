-- A document of one of the caller's runs, NULL where there is none.
-- $1 run, $2 name
select (select document from synthgen.run_document where run_id = $1::text::bigint and name = $2::text)
