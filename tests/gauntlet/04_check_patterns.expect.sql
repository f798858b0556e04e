select * from (values
    ('stock numbers have their form and differ',
     (select bool_and(sku ~ '^[A-Z]{3}-[0-9]{4}$') and count(distinct sku) = count(*) and count(*) > 50 from part)),
    ('slugs vary',
     (select count(distinct slug) > 20 from part)),
    ('colours are mostly set',
     (select count(colour) > count(*) / 3 from part)),
    ('labels begin as they must',
     (select bool_and(label like 'P-%') and count(distinct label) > 10 from part)),
    ('batches vary',
     (select count(distinct batch) > 10 from part))
) as expected (name, ok);
