select * from (values
    ('shares vary',
     (select count(*) > 50 and count(distinct share) > 10 from ratio)),
    ('roots are numbers',
     (select count(root) = count(*) and count(*) > 50 from ratio))
) as expected (name, ok);
