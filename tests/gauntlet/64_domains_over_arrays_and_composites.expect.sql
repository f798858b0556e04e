select * from (values
    ('tags vary',
     (select count(*) > 50 and count(distinct tags) > 5 from probe)),
    ('spans have an extent',
     (select bool_and((within).low < (within).high) and count(distinct within) > 5 from probe)),
    ('mails differ',
     (select count(distinct mail) > 50 from probe))
) as expected (name, ok);
