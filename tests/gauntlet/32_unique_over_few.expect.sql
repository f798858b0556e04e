select * from (values
    ('seven days',
     (select count(*) = 7 and count(distinct day) = 7 from weekday)),
    ('twenty-one slots',
     (select count(*) = 21 from slot)),
    ('a hundred desks, each side once',
     (select count(*) >= 100 and count(side) = 3 and count(distinct shelf) between 5 and 9 from desk))
) as expected (name, ok);
