select * from (values
    ('stock names many products',
     (select count(distinct product_code) > 20 and count(ean) > 20 from stock))
) as expected (name, ok);
