select * from (values
    ('most departments have a manager',
     (select count(manager_id) > count(*) / 4 from department)),
    ('managers work where they manage',
     (select count(*) > 10 from department d join employee e on e.id = d.manager_id and e.department_id = d.id)),
    ('employees are in many departments',
     (select count(distinct department_id) > 20 from employee))
) as expected (name, ok);
