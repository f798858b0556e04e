-- What the plans of the caller's finished runs state about the rows they made, each statement once, with the runs
-- that state it.
-- $1 target, $2 the one run to look at, or null for all of the target
select stated.invariant ->> 'id', stated.invariant ->> 'object', stated.invariant ->> 'statement',
       stated.invariant ->> 'table_oid', array_agg(run.run_id order by run.run_id)
from synthgen.run
join synthgen.run_document as plan using (run_id)
cross join jsonb_array_elements(plan.document -> 'invariants') with ordinality as stated (invariant, place)
where plan.name = 'plan' and run.status = 'done'
  and case when $2::text is null then run.target = $1::text else run.run_id = $2::text::bigint end
group by 1, 2, 3, 4
order by max(run.run_id), min(stated.place)
