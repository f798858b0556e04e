select * from (values
    ('some are primary, most are not',
     (select count(*) filter (where is_primary) between 5 and count(*) - 5 from address)),
    ('one theme at most is the default',
     (select count(*) > 50 and count(*) filter (where is_default) <= 1 from theme))
) as expected (name, ok);
