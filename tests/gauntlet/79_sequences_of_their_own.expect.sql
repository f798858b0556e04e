select * from (values
    ('tickets of all clients',
     (select count(*) > 50 and count(distinct client_id) filter (where client_id in (1, 2, 7)) = 3 from ticket)),
    ('counters run down',
     (select count(*) > 50 and max(id) = -100 and min(id) = -99 - count(*) from counter)),
    ('numbers beside a sequence that nobody asks',
     (select count(*) > 50 and count(distinct id_old) > 5 from legacy))
) as expected (name, ok);
