select * from (values
    ('courses are given by instructors and taken by students',
     (select count(*) filter (where i.role = 'instructor') > count(*) * 0.9 from course c join account i on i.id = c.instructor_id)
     and (select count(*) filter (where s.role = 'student') > count(*) * 0.9 from enrollment e join account s on s.id = e.student_id)),
    ('a total is the sum of what its lines cost, and those cost what was listed',
     (select count(*) > 50 and bool_and(total = lines) from (select p.total, (select sum(price) from purchase_line l where l.purchase_id = p.id) as lines from purchase p) as sums)
     and (select bool_and(l.price = c.price) from purchase_line l join course c on c.id = l.course_id)),
    ('books are kept in the currency that is the default', (select count(distinct currency) = 1 and min(currency) = 'EUR' from course)),
    ('a slug is made of the title', (select count(*) > 50 and count(*) filter (where slug like '%' || translate(lower(title), ' ', '-') || '%') > count(*) * 0.95 from course)),
    ('what is handed in was begun before', (select count(*) > 20 and bool_and(submitted_at > started_at and submitted_at < started_at + interval '2 days') from course_attempt where submitted_at is not null))
) as expected (name, ok);
