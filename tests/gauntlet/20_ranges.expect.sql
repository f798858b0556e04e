select * from (values
    ('each varies',
     (select least(count(distinct numbers), count(distinct large), count(distinct exact), count(distinct days), count(distinct moments), count(distinct zoned), count(distinct own), count(distinct many)) > 5 from range_kinds)),
    ('none is empty',
     (select count(*) > 50 and not bool_or(isempty(numbers) or isempty(days) or isempty(zoned)) from range_kinds))
) as expected (name, ok);
