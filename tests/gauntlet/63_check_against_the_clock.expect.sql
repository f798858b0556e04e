select * from (values
    ('members are of age and of many ages',
     (select count(*) > 50 and count(distinct born_on) > 30 and max(born_on) < date '2010-01-01' from member)),
    ('some left',
     (select count(left_at) > 3 and count(*) filter (where left_at is null) > 3 from member))
) as expected (name, ok);
