-- What could not be put into SQL is said, not passed over.
select 0, 0, false, null, {why}
