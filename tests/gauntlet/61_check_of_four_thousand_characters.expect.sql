select * from (values
    ('the check is long',
     (select length(pg_get_constraintdef(oid)) > 4000 from pg_constraint where conname = 'branches')),
    ('most kinds occur',
     (select count(distinct kind) > 20 from record)),
    ('details are there and are not',
     (select count(name) > 5 and count(amount) > 5 and count(remark) > 5 and count(*) filter (where name is null) > 5 from record))
) as expected (name, ok);
