select * from (values
    ('each has a passport of its own',
     (select count(*) > 50 and count(distinct number) = count(*) from passport)),
    ('visas hang under passports',
     (select count(*) > 20 and count(distinct until) > 5 from visa))
) as expected (name, ok);
