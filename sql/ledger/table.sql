-- Notes what a run did to a table; said again for the same table, the later word counts.
-- $1 run, $2 step, $3 table, $4 its OID, $5 requested, $6 inserted, $7 by a model, $8 from reference data,
-- $9 by algorithms, $10 row base, $11 verdict, $12 detail, $13 milliseconds
insert into synthgen.run_table_stored
       (run_id, step, table_name, table_oid, requested, inserted, llm_rows, reference_rows, algorithmic_rows,
        row_base, verdict, detail, elapsed_ms)
values ($1::text::bigint, $2::text::integer, $3::text, $4::text::oid, $5::text::bigint, $6::text::bigint,
        $7::text::bigint, $8::text::bigint, $9::text::bigint, $10::text::bigint, $11::text, $12::text,
        $13::text::double precision)
on conflict (run_id, table_name) do update
set (step, table_oid, requested, inserted, llm_rows, reference_rows, algorithmic_rows, row_base, verdict, detail, elapsed_ms)
  = (excluded.step, excluded.table_oid, excluded.requested, excluded.inserted, excluded.llm_rows, excluded.reference_rows,
     excluded.algorithmic_rows, excluded.row_base, excluded.verdict, excluded.detail, excluded.elapsed_ms)
