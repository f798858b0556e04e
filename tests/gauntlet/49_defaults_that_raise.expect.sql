select * from (values
    ('tenants and bodies are there',
     (select count(*) > 50 and count(distinct body) > 5 and bool_and(tenant <> '') from note))
) as expected (name, ok);
