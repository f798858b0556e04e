select * from (values
    ('others than its author comment on a post',
     (select count(*) > 0 and count(*) filter (where c.user_id <> p.user_id) > count(*) * 0.8 from comment c join post p on p.id = c.post_id)),
    ('a visit is paid by whom it was made',
     (select count(*) > 0 and count(*) filter (where p.member_id = v.member_id) = count(*) from payment p join visit v on v.id = p.visit_id)),
    ('payments come to no more than the visit, and mostly to all of it',
     (select count(*) > 20 and bool_and(paid <= total) and count(*) filter (where paid = total) > count(*) * 0.8
        from (select v.total, sum(p.amount) as paid from visit v join payment p on p.visit_id = v.id group by v.id, v.total) as sums)),
    ('what was paid was paid within weeks',
     (select count(*) > 0 and avg(p.paid_at - v.visit_date) between interval '0' and interval '21 days'
        from payment p join visit v on v.id = p.visit_id)),
    ('a policy is good on the day of the visit that it pays, and for a year',
     (select count(*) > 20 and bool_and(v.visit_date::date between y.valid_from and coalesce(y.valid_until, v.visit_date::date))
        from visit v join policy y on y.id = v.policy_id)
     and (select bool_and(valid_until - valid_from between 364 and 366) from policy where valid_until is not null)),
    ('each visit has a history that ends with its state',
     (select count(*) > 0 and bool_and(latest = status) from (select v.status,
        (select h.status from visit_status_history h where h.visit_id = v.id order by changed_at desc limit 1) as latest from visit v) as ends)
     and not exists (select from visit v where not exists (select from visit_status_history h where h.visit_id = v.id)))
    ,('whoever writes in a conversation takes part in it, and has joined',
     (select count(*) > 50 and count(p.member_id) = count(*) filter (where takers > 0) and coalesce(bool_and(p.joined_at <= m.sent_at), true)
        from (select m.*, (select count(*) from conversation_participant p where p.conversation_id = m.conversation_id) as takers from message m) m
        left join conversation_participant p on p.conversation_id = m.conversation_id and p.member_id = m.sender_id)
     and (select count(*) > 50 from message m where exists (select from conversation_participant p where p.conversation_id = m.conversation_id)))
    ,('and so does whoever flags a message',
     (select count(*) > 20 and bool_and(exists (select from conversation_participant p where p.conversation_id = m.conversation_id and p.member_id = f.member_id))
        from message_flag f join message m on m.id = f.message_id
       where exists (select from conversation_participant p where p.conversation_id = m.conversation_id)))
    ,('a message is read after it was sent', (select count(*) > 10 and bool_and(read_at >= sent_at) from message where read_at is not null))
) as expected (name, ok);
