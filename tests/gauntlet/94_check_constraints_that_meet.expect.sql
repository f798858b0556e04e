select * from (values
    ('all modes',
     (select count(distinct mode) = 3 from machine)),
    ('speeds vary',
     (select count(distinct speed) > 5 from machine)),
    ('locked and not',
     (select count(distinct locked) = 2 from machine))
) as expected (name, ok);
