select * from (values
    ('a stamp is there in the states that had to come to it, and in no other',
     (select bool_and((closed_at is not null) = (status = 'closed') and (suspended_at is not null) = (status = 'suspended')) from account)
     and (select bool_and((completed_at is not null) = (status = 'completed') and (status <> 'planning' or started_at is null)) from project)
     and (select bool_and((completed_at is not null) = (status = 'done') and (started_at is not null) = (status <> 'todo')) from task)
     and (select bool_and((closed_at is not null) = (stage in ('won', 'lost'))) from deal)
     and (select bool_and((merged_at is not null) = (state = 'merged') and (closed_at is not null) = (state = 'closed')) from merge_request)
     and (select bool_and((approved_at is not null) = (status = 'approved') and (decided_at is not null) = (status <> 'pending')) from request)
     and (select bool_and((published_at is not null) = (status <> 'draft') and (archived_at is not null) = (status = 'archived')) from post)),
    ('stamps come in the order of their states',
     (select bool_and(created_at <= started_at and started_at <= completed_at) from task where completed_at is not null)
     and (select bool_and(created_at <= published_at and published_at < archived_at) from post where archived_at is not null)
     and (select bool_and(placed_at <= paid_at and paid_at < delivered_at) from purchase where delivered_at is not null)),
    ('tasks are made and done while their project goes on',
     (select count(*) > 20 and bool_and(t.status = 'done' and t.completed_at <= p.completed_at) from task t join project p on p.id = t.project_id where p.status = 'completed' and t.created_at <= p.completed_at)
     and (select count(*) = 0 from task t join project p on p.id = t.project_id where t.created_at > p.completed_at)
     and (select count(distinct t.status) > 1 from task t)),
    ('what was paid for a cancelled purchase was given back',
     (select count(*) filter (where y.status = 'captured') = 0 and bool_and((y.status in ('captured', 'refunded')) = (captured_at is not null)) from payment y join purchase p on p.id = y.purchase_id where p.status in ('cancelled', 'refunded'))
     and (select count(*) > 20 and bool_and(y.captured_at is not null) from payment y join purchase p on p.id = y.purchase_id where p.status = 'delivered')),
    ('machines take minutes, sales weeks',
     (select count(*) > 20 and max(finished_at - started_at) < interval '2 hours' from run where status = 'succeeded')
     and (select count(*) > 20 and avg(closed_at - created_at) > interval '10 days' from deal where stage = 'won')),
    ('some requests and some accounts are in each state', (select count(distinct status) >= 2 and count(*) filter (where status = 'approved') > count(*) * 0.4 from request)
     and (select count(*) filter (where status = 'active') > count(*) * 0.7 from account)),
    ('an offer is active while its period lasts', (select count(*) > 20 and bool_and(is_active = (ends_at is null or ends_at::date >= date '2026-01-01')) from offer)),
    ('a contract has expired once its period is over', (select count(*) > 20 and bool_and((status = 'expired') = (end_date < date '2026-01-01') or status = 'cancelled') from contract))
) as expected (name, ok);
