select * from (values
    ('both are filled',
     (select (select count(distinct "the name") from "Odd "" Table") > 5 and (select count(*) from "child of odd") > 20))
) as expected (name, ok);
