select * from (values
    ('matches vary',
     (select count(distinct home_id) > 10 and count(distinct away_id) > 10 from match)),
    ('friends are ordered',
     (select count(*) > 20 and bool_and(a < b) from friendship))
) as expected (name, ok);
