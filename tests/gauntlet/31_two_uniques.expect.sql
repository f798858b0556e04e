select * from (values
    ('pages of many sites',
     (select count(distinct site_id) > 20 from page)),
    ('slugs vary',
     (select count(distinct slug) > 5 from page))
) as expected (name, ok);
