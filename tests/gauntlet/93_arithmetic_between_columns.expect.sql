select * from (values
    ('amounts vary',
     (select count(*) > 50 and count(distinct gross) > 30 from invoice)),
    ('some are paid',
     (select count(paid) > 5 and count(*) filter (where paid is null) > 0 from invoice)),
    ('areas vary',
     (select count(distinct area) > 10 from invoice))
) as expected (name, ok);
