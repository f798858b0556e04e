select * from (values
    ('all labels occur',
     (select count(distinct state) = 3 from task)),
    ('the other is sometimes missing',
     (select count(other) between 1 and count(*) - 1 from task))
) as expected (name, ok);
