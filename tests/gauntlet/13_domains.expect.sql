select * from (values
    ('codes vary',
     (select count(distinct code) > 20 from place)),
    ('names vary',
     (select count(distinct name) > 5 from place)),
    ('tops are high and vary',
     (select bool_and(top >= 50) and count(distinct top) > 5 from place))
) as expected (name, ok);
