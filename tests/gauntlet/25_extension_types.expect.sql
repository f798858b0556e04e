select * from (values
    ('nicks differ in any case',
     (select count(distinct lower(nick::text)) = count(*) and count(*) > 50 from extension_kinds)),
    ('bags and paths vary',
     (select count(distinct bag) > 5 and count(distinct path) > 5 from extension_kinds))
) as expected (name, ok);
