select * from (values
    ('a quote takes off its discount',
     (select count(*) filter (where discount_percent > 0) > 10 and bool_and(total = round(amount * (100 - coalesce(discount_percent, 0)) / 100, 2)) from quote)),
    ('an order takes off its discount and adds its tax',
     (select count(*) filter (where discount_percent > 0) > 10 and bool_and(abs(total_amount - subtotal * (100 - discount_percent) / 100 * (100 + vat_rate) / 100) < 0.011) from purchase)),
    ('and its subtotal is the sum of its lines, less what is taken off each',
     (select count(*) filter (where discount_percent > 0) > 5 and bool_and(line_total = round(quantity * unit_price * (100 - coalesce(discount_percent, 0)) / 100, 2)) from purchase_line)
     and (select count(distinct subtotal) > 20 and bool_and(subtotal = (select coalesce(sum(line_total), 0) from purchase_line l where l.purchase_id = p.id)) from purchase p)),
    ('a bill takes off what it says', (select count(distinct discount) > 1 and bool_and(discount <= subtotal and total = subtotal - discount + tax_amount) from bill)),
    ('marks are no more than there are to have, and pass where they reach what is asked',
     (select count(distinct passed) = 2 and bool_and(score <= a.max_score and a.max_score = q.max_score and abs(percentage - score * 100.0 / a.max_score) < 0.02
         and passed = (score >= passing_score) and passing_score <= q.max_score) from quiz_attempt a join quiz q on q.id = quiz_id)
     and (select count(distinct passed) = 2 and bool_and(marks_obtained <= total_marks and pass_mark <= total_marks and passed = (marks_obtained >= pass_mark)) from exam_result)),
    ('a quiz has as many questions as it has', (select max(question_count) > 1 and bool_and(question_count = (select count(*) from quiz_question r where r.quiz_id = quiz.id)) from quiz)),
    ('nobody reads beyond the last page', (select count(distinct current_page) > 20 and bool_and(current_page between 1 and total_pages and pages_read between 1 and current_page) from reading)),
    ('what is done is a share of what there is to do',
     (select count(distinct progress_percent) > 20 and bool_and(lessons_completed <= lessons_total and progress_percent = lessons_completed * 100 / greatest(lessons_total, 1)) from course_progress)),
    ('days that are left are those not used', (select count(distinct remaining_days) > 5 and bool_and(remaining_days = entitled_days - used_days) from leave_balance))
) as expected (name, ok);
