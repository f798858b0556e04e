select * from (values
    ('both get rows of their own',
     (select (select count(*) from only vehicle) > 50 and (select count(*) from lorry) > 50)),
    ('wheels vary',
     (select count(distinct wheels) = 3 from vehicle))
) as expected (name, ok);
