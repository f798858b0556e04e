select * from (values
    ('stays differ in length',
     (select count(distinct ends_at - starts_at) > 20 from booking)),
    ('totals are products and vary',
     (select bool_and(total = price * quantity) and count(distinct total) > 20 from booking)),
    ('lows lie below highs',
     (select bool_and(low < high) and count(distinct high - low) > 5 from booking))
) as expected (name, ok);
