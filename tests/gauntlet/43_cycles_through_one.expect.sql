select * from (values
    ('concepts name several domains and classes',
     (select count(distinct domain_id) > 5 and count(distinct class_id) > 5 from concept)),
    ('facts hang under concepts',
     (select count(distinct concept_id) > 20 from fact))
) as expected (name, ok);
