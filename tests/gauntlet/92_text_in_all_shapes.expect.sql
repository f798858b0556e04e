select * from (values
    ('slugs vary',
     (select count(*) > 50 and count(distinct slug) > 10 from contact)),
    ('phones are sometimes there',
     (select count(phone) > 5 from contact)),
    ('versions vary',
     (select count(distinct version) > 10 from contact))
) as expected (name, ok);
