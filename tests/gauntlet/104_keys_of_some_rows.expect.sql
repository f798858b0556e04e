select * from (values
    ('many clerks, one head a firm at most',
     (select count(*) >= 100 and count(*) filter (where role = 'head') between 3 and count(distinct firm_id) from clerk)),
    ('many leases, one running a firm at most, and some ended',
     (select count(*) >= 100 and count(*) filter (where ended_at is null) <= count(distinct firm_id) and count(ended_at) > 20 from lease))
) as expected (name, ok);
