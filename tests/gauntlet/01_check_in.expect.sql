select * from (values
    ('every priority occurs',
     (select count(distinct priority) = 3 from ticket)),
    ('some channels are missing, not all',
     (select count(channel) between 1 and count(*) - 1 from ticket)),
    ('levels vary',
     (select count(distinct level) = 3 from ticket))
) as expected (name, ok);
