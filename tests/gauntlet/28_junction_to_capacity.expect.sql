select * from (values
    ('all six pairs are there',
     (select count(*) = 6 from variant)),
    ('stock varies',
     (select count(distinct stock) > 1 from variant))
) as expected (name, ok);
