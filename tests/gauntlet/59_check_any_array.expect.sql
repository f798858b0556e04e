select * from (values
    ('states all occur',
     (select count(distinct state) = 3 from task)),
    ('priorities vary',
     (select count(distinct priority) > 3 from task)),
    ('days are days',
     (select count(*) > 50 and count(distinct days) > 1 and bool_and(days <@ array[1,2,3,4,5,6,7]) from task))
) as expected (name, ok);
