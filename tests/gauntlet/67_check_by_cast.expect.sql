select * from (values
    ('addresses are addresses',
     (select count(*) > 50 and bool_and(address::inet is not null) from host)),
    ('labels vary',
     (select count(distinct label) > 5 from host))
) as expected (name, ok);
