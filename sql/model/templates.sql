select coalesce(jsonb_object_agg(t.name, t.template), '{}')
  from synthgen.prompt_template as t
