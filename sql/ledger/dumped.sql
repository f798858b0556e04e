-- What pg_dump carries from one database to another. Neither table has a sequence, and neither holds an OID.
select pg_catalog.pg_extension_config_dump('synthgen.rule_document_stored', '');
select pg_catalog.pg_extension_config_dump('synthgen.reference_row_stored', '');
