select * from (values
    ('scratch rows are there',
     (select count(*) > 50 and count(distinct body) > 5 from scratch)),
    ('most name a part',
     (select count(part_id) > count(*) / 2 from scratch))
) as expected (name, ok);
