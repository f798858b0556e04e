select * from (values
    ('done and not done',
     (select count(distinct done) = 2 from job)),
    ('what is done has its time',
     (select count(*) > 5 from job where done and finished_at is not null)),
    ('what failed says why',
     (select count(*) > 0 and bool_and(reason is not null) from job where failed))
) as expected (name, ok);
