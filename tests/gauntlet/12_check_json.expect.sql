select * from (values
    ('payloads name a type',
     (select count(*) > 50 and bool_and(payload ? 'type') from event)),
    ('lists are lists',
     (select count(*) > 50 and bool_and(jsonb_typeof(list) = 'array') from event)),
    ('options are sometimes there',
     (select count(options) > 0 from event))
) as expected (name, ok);
