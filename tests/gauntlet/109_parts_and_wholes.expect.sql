select * from (values
    ('who opens a letter has received it',
     (select count(*) >= 100 and bool_and(delivered_count <= recipients and open_count is distinct from delivered_count + 1
         and coalesce(open_count, 0) <= delivered_count and click_count <= coalesce(open_count, delivered_count) and unsubscribed_count <= delivered_count)
         and sum(click_count) > 0 and sum(click_count) < sum(recipients) * 0.2 from mailing)),
    ('clicks come of impressions, and their rate is the share of them',
     (select count(distinct clicks) > 20 and bool_and(clicks <= impressions and conversions <= clicks and spent <= budget
         and (ctr is null or ctr <= 1 and abs(ctr - clicks::numeric / impressions) <= 0.0001)) and count(ctr) > 50 from banner)),
    ('what is counted in rows is counted, and there are more views than those',
     (select count(*) >= 100 and sum(comment_count) > 0 and bool_and(comment_count = (select count(*) from clip_comment c where c.clip_id = clip.id)
         and comment_count < view_count and like_count <= view_count) from clip)),
    ('a voucher is used as often as its rows say, and no more than it may be',
     (select count(*) >= 100 and max(times_used) > 1 and count(usage_limit) > 20 and bool_and(times_used = (select count(*) from voucher_redemption r where r.voucher_id = v.id)
         and (usage_limit is null or times_used <= usage_limit)) from voucher v)),
    ('all tests are passed, failed or skipped', (select sum(failed) > 0 and bool_and(passed + failed + skipped = total_tests and failed >= 0) from suite_run)),
    ('what was clicked had been found',
     (select count(clicked_position) > 10 and bool_and(clicked_position between 1 and result_count) and bool_and(result_count > 0) filter (where clicked_item_id is not null)
         and bool_and(clicked_item_id is not null) filter (where clicked_position is not null) from look_up)),
    ('there are no more guests than seats', (select count(distinct seats_taken) > 10 and bool_and(seats_taken + seats_left = capacity and seats_left >= 0) from hall)),
    ('what is reserved is there',
     (select count(distinct on_hand) > 10 and bool_and(reserved <= on_hand and available = on_hand - reserved and on_hand <= max_stock and reorder_point <= max_stock) from stock_level)),
    ('a movement leads from one stock to the next',
     (select count(distinct movement_type) > 1 and bool_and(quantity_before >= 0 and quantity_after >= 0 and abs(quantity_after - quantity_before) = abs(quantity)
         and (movement_type <> 'issue' or quantity_after <= quantity_before)) from stock_change))
) as expected (name, ok);
