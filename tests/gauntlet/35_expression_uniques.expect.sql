select * from (values
    ('devices of many sites',
     (select count(*) > 80 and count(distinct site_id) > 20 from device)),
    ('some have a tenant',
     (select count(tenant_id) between 1 and count(*) - 1 from device))
) as expected (name, ok);
