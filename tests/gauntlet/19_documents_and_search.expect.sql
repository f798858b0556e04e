select * from (values
    ('search words vary',
     (select count(distinct words) > 5 and count(distinct query) > 5 from document_kinds)),
    ('markup varies',
     (select count(distinct markup::text) > 20 from document_kinds))
) as expected (name, ok);
