select * from (values
    ('every kind has its unit',
     (select count(*) > 50 and count(distinct kind) = 3 and count(distinct (kind, unit)) = 3 from sensor)),
    ('modes follow kinds',
     (select count(distinct mode) >= 2 and bool_and((mode = 'push') = (kind = 'counter')) from sensor)),
    ('ranges vary',
     (select count(distinct (low, high)) > 10 and bool_and((high - low) % step = 0) from sensor))
) as expected (name, ok);
