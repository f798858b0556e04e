select * from (values
    ('seven days',
     (select count(*) = 7 and count(distinct day) = 7 from weekday)),
    ('twenty-one slots',
     (select count(*) = 21 from slot))
) as expected (name, ok);
