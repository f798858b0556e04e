select * from (values
    ('most bills go to where people live',
     (select count(*) > 50 and avg((b.billing_address = p.address)::int) between 0.75 and 0.99 from bill b join patron p on p.id = b.patron_id)),
    ('wholly or not at all',
     (select count(*) > 50 and bool_and((billing_address = address) = ((billing_city, billing_state, billing_country, billing_postal_code) is not distinct from (city, state, country, postal_code))) from bill b join patron p on p.id = b.patron_id)),
    ('outlets stand elsewhere',
     (select count(*) > 50 and avg((o.address = p.address)::int) < 0.1 from outlet o join patron p on p.id = o.patron_id))
) as expected (name, ok);
