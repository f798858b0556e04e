select * from (values
    ('heads are set',
     (select count(head_id) > count(*) / 3 from department)),
    ('bosses are set',
     (select count(boss_id) > 10 and count(*) filter (where boss_id is null) > 0 from employee)),
    ('hens and eggs',
     (select (select count(*) > 20 from hen) and (select count(distinct hen_id) > 5 from egg)))
) as expected (name, ok);
