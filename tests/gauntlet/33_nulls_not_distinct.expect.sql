select * from (values
    ('as many as there is room for, or fewer',
     (select count(*) between 5 and 15 from setting)),
    ('values vary',
     (select count(distinct value) > 3 from setting))
) as expected (name, ok);
