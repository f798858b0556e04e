select * from (values
    ('slots on shelves',
     (select count(*) > 50 and count(distinct reach) > 20 and count(distinct free) = 2 from slot)),
    ('prices',
     (select count(*) > 30 and count(distinct amount) > 10 from price))
) as expected (name, ok);
