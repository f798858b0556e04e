select * from (values
    ('codes have six letters',
     (select bool_and(length(code) = 6) and count(distinct code) > 20 from label)),
    ('notes are there and not there',
     (select count(note) between 1 and count(*) - 1 from label)),
    ('tags vary',
     (select count(distinct tags) > 5 from label)),
    ('parts are pairs',
     (select bool_and(array_length(parts, 1) = 2) and count(distinct parts) > 5 from label))
) as expected (name, ok);
