-- Keeps a list of words of a role in the place of the one before. $1 name, $2 CSV text, $3 role
insert into synthgen.vocabulary_stored (loaded_by, name, csv)
values ($3::text, $1::text, $2::text)
on conflict (loaded_by, name) do update
set csv = excluded.csv, loaded_at = clock_timestamp()
