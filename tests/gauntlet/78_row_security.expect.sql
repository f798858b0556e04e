select * from (values
    ('documents',
     (select count(*) > 50 and count(distinct title) > 10 from document)),
    ('versions',
     (select count(*) > 50 and count(distinct document_id) > 10 from version))
) as expected (name, ok);
