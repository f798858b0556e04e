-- The role that owns the extension and with it the ledger.
select extowner
from pg_catalog.pg_extension
where extname = 'synthgen'
