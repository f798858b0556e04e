select * from (values
    ('lines of many baskets',
     (select count(*) > 50 and count(distinct (tenant_id, basket_id)) > 10 from line)),
    ('products of the same tenant',
     (select count(sku) > 10 from line))
) as expected (name, ok);
