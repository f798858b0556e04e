select * from (values
    ('pieces are positive and vary',
     (select min(pieces) > 0 and count(distinct pieces) > 5 from stock)),
    ('moves name stock',
     (select count(distinct stock_id) > 20 from move m join stock s on s.id = m.stock_id))
) as expected (name, ok);
