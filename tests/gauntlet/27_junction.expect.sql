select * from (values
    ('pairs differ and cover many on both sides',
     (select count(*) > 50 and count(distinct student_id) > 20 and count(distinct course_id) > 20 from enrolment))
) as expected (name, ok);
