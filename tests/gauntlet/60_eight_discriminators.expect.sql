select * from (values
    ('all kinds occur',
     (select count(distinct kind) = 8 from event)),
    ('each kind has its detail',
     (select bool_and(n > 0) from (select unnest(array[count(a), count(b), count(c), count(d), count(e), count(f), count(g), count(h)]) from event) as counted (n)))
) as expected (name, ok);
