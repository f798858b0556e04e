select * from (values
    ('each time varies',
     (select least(count(distinct day), count(distinct clock), count(distinct zoned_clock), count(distinct at), count(distinct zoned), count(distinct span)) > 5 from time_kinds))
) as expected (name, ok);
