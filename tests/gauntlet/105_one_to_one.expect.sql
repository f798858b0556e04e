select * from (values
    ('a slip for each deposit, of the same tenant',
     (select count(*) >= 100 and count(*) filter (where s.tenant_id = d.tenant_id) = count(*) and count(distinct s.tenant_id) > 20
        from slip s join deposit d on d.id = s.deposit_id)),
    ('people of one tenant are not all the same one',
     (select count(distinct full_name) > 60 from person_at_tenant)
     and not exists (select from person_at_tenant group by tenant_id having count(*) > 2 and count(distinct full_name) = 1))
) as expected (name, ok);
