select * from (values
    ('readings',
     (select count(*) > 50 and count(distinct value) > 20 from reading)),
    ('remarks on readings',
     (select count(*) > 50 and count(distinct reading_id) > 10 from remark))
) as expected (name, ok);
