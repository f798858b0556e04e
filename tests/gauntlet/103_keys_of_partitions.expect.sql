select * from (values
    ('both kinds of members',
     (select count(*) >= 100 and count(*) filter (where paid) > 5 and count(*) filter (where not paid) > 5 from membership)),
    ('no member twice in a club',
     (select count(*) > 50 and count(distinct (paid, club, member)) = count(*) from membership)),
    ('days of both periods',
     (select count(*) >= 100 and count(*) filter (where day < '2025-01-01') > 5 and count(*) filter (where day >= '2025-01-01') > 5 from ledger))
) as expected (name, ok);
