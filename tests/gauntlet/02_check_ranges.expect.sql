select * from (values
    ('percentages vary',
     (select count(distinct percent) >= 8 and min(percent) < 20 and max(percent) > 80 from reading)),
    ('temperatures lie inside',
     (select bool_and(celsius between -60 and 60) and count(distinct celsius) > 10 from reading)),
    ('days vary inside the half-open range',
     (select count(distinct taken_on) > 10 and max(taken_on) < '2026-01-01' from reading)),
    ('scores use the range',
     (select count(distinct score) >= 6 from reading))
) as expected (name, ok);
