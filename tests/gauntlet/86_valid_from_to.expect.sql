select * from (values
    ('salaries',
     (select count(*) > 50 and count(distinct amount) > 80 and count(distinct person_id) > 40 from salary)),
    ('tenures',
     (select count(*) > 50 and count(until) >= 3 and count(*) filter (where until is null) > 2 from tenure))
) as expected (name, ok);
