select * from (values
    ('each text varies',
     (select least(count(distinct free), count(distinct bounded), count(distinct padded), count(distinct letter), count(distinct named), count(distinct bytes), count(distinct one)) > 5 from text_kinds))
) as expected (name, ok);
