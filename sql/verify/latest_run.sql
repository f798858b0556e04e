-- The caller's last finished run on a target, NULL where there is none.
-- $1 target
select max(run_id) from synthgen.run where target = $1::text and status = 'done'
