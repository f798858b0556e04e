-- Keeps what a run that commits as it goes began from.
-- $1 run, $2 what it began from. The call is known by its arguments; the day on which it was made is none of them.
insert into synthgen.run_state_stored (run_id, call, begun)
select run_id, arguments - 'today', $2::text
from synthgen.run_stored
where run_id = $1::text::bigint
