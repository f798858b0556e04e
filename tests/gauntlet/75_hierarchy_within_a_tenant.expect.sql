select * from (values
    ('roots and children',
     (select count(*) filter (where parent_id is null) > 0 and count(parent_id) > 5 from unit)),
    ('of many tenants',
     (select count(distinct tenant_id) > 20 and count(*) > 50 from unit))
) as expected (name, ok);
