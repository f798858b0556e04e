select * from (values
    ('a department is of one faculty and has the code of its name', (select count(distinct name) = count(distinct (name, code)) and count(*) > 10 and bool_and(code ~ '^[A-Z]{2,4}$') from study_department)
     and (select count(distinct d.name) = count(distinct (d.name, f.name)) and count(distinct f.name) > 5 from study_department d join study_faculty f on f.id = d.study_faculty_id)),
    ('a course is of its department, by its code and its title', (select bool_and(c.course_code like d.code || '%') and count(distinct c.title) = count(distinct (c.title, d.name)) and count(distinct c.title) > 50
         from study_course c join study_department d on d.id = c.study_department_id)),
    ('a title is of one level', (select count(distinct title) = count(distinct (title, level)) from study_course)),
    ('a programme takes as long as its degree', (select bool_and(case degree when 'PhD' then duration_semesters >= 6 when 'BA' then duration_semesters >= 6 when 'BSc' then duration_semesters >= 6 else duration_semesters <= 4 end)
         and bool_and(credits_required = 30 * duration_semesters) and bool_and((degree = 'PhD') = (programme_name like 'Doctoral%')) and count(distinct degree) = 5 from study_programme)),
    ('who began ends after the programme', (select bool_and(u.expected_graduation = (u.enrolled_on + p.duration_semesters * interval '6 months')::date) from undergraduate u join study_programme p on p.id = u.study_programme_id)),
    ('a seat is taken by an enrolment', (select bool_and(seats_taken = (select count(*) from run_enrolment e where e.course_run_id = r.id)) and sum(seats_taken) > 50 and min(seats) >= 12 from course_run r)),
    ('a mark is of how it ended', (select bool_and(coalesce((status = 'failed') = (final_grade = 'F'), status in ('enrolled', 'dropped'))) and bool_and((final_grade is null) = (status in ('enrolled', 'dropped')))
         and bool_and(final_grade is null or grade_points = case final_grade when 'A' then 4 when 'B' then 3 when 'C' then 2 when 'D' then 1 else 0 end) and count(final_grade) > 20 from run_enrolment)),
    ('an exam is sat by who is enrolled', (select bool_and(exists (select from run_enrolment e where e.undergraduate_id = m.undergraduate_id and e.course_run_id = x.course_run_id)) and count(*) > 20
         from run_exam_mark m join run_exam x on x.id = m.run_exam_id)),
    ('a mark is of its points', (select bool_and(m.points <= x.max_points) and bool_and((m.grade = 'A') = (m.points >= 0.93 * x.max_points)) and bool_and((m.grade = 'F') = (m.points < 0.6 * x.max_points))
         from run_exam_mark m join run_exam x on x.id = m.run_exam_id)),
    ('an exam is called so', (select bool_and(title ~ '(Exam|Test|Quiz)$') and max(weight_percent) = 50 from run_exam)),
    ('a room is as large as it is used', (select bool_and(case room_type when 'lecture_hall' then capacity >= 80 when 'lab' then capacity <= 40 else capacity <= 50 end) from study_room)),
    ('what is lent is not there', (select bool_and(copies_available = greatest(copies_total - (select count(*) from reader_loan l where l.shelf_volume_id = v.id and l.returned_on is null), 0)) and max(copies_total) <= 10
         from shelf_volume v)),
    ('a fine is for what came late', (select bool_and((fine_amount > 0) = coalesce(returned_on > due_on, false)) and bool_and(due_on = borrowed_on + 14) and count(*) filter (where fine_amount > 0) > 3 from reader_loan))
) as expected (name, ok);
