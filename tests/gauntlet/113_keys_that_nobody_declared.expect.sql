select * from (values
    ('each number names a row',
     (select count(*) > 50 and bool_and(exists (select from clients c where c.id = client_id)) from purchases)
     and (select count(*) > 50 and bool_and(exists (select from clients c where c.id = client_id)) from addresses)),
    ('lines hang under purchases', (select count(*) > 50 and count(distinct purchase_id) > 20
        and bool_and(exists (select from purchases p where p.id = purchase_id)) and bool_and(exists (select from articles a where a.article_no = l.article_no)) from purchase_lines l)),
    ('and add up', (select count(*) > 20 and bool_and(total > 0) from (select p.total, sum(l.quantity * l.unit_price) sum from purchases p join purchase_lines l on l.purchase_id = p.id group by 1) t where total = sum)),
    ('bills go to the own addresses of clients', (select count(*) > 15 and bool_and(a.client_id = p.client_id) from purchases p join addresses a on a.id = p.billing_address_id)),
    ('numbers without a sequence rise', (select min(article_no) = 1 and max(article_no) = count(*) from articles) and (select max(id) = count(*) from sections)),
    ('sections are trees', (select count(parent_id) > 10 and bool_and(parent_id < id) from sections)),
    ('a profile is its client''s', (select count(*) > 30 and bool_and(exists (select from clients c where c.id = client_id)) from client_profiles))
) as expected (name, ok);
