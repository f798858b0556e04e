select jsonb_build_object(
        'run', to_jsonb(r),
        'tables', coalesce((select jsonb_agg(to_jsonb(t) order by t.step, t.table_name)
                              from synthgen.run_table as t where t.run_id = r.run_id), '[]'),
        'documents', coalesce((select jsonb_object_agg(d.name, d.document)
                                 from synthgen.run_document as d where d.run_id = r.run_id), '{}'),
        'calls', coalesce((select jsonb_agg(to_jsonb(c) order by c.call)
                             from synthgen.llm_call as c where c.run_id = r.run_id), '[]'))
  from synthgen.run as r
 where r.run_id = $1::bigint
