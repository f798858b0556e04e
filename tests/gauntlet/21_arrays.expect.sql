select * from (values
    ('each varies',
     (select least(count(distinct numbers), count(distinct words), count(distinct days), count(distinct ids), count(distinct prices), count(distinct codes)) > 5 from array_kinds)),
    ('moods of several kinds',
     (select count(distinct mood) = 3 from array_kinds, unnest(moods) as mood))
) as expected (name, ok);
