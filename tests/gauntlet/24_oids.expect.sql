select * from (values
    ('each varies',
     (select count(distinct object) > 5 and count(distinct place) > 5 and count(distinct kind) > 1 from oid_kinds))
) as expected (name, ok);
