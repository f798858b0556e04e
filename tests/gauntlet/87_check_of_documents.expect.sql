select * from (values
    ('both kinds',
     (select count(distinct body ->> 'kind') = 2 from message)),
    ('sizes vary',
     (select count(distinct size) > 10 from message))
) as expected (name, ok);
