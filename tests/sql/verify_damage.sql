-- Breaks a filled shop where the server does not look, and leaves a catalog that says all is well.

-- 3 dangling keys.
set session_replication_role = replica;
update ecommerce.order_item set product_id = product_id + 1000000 where order_item_id <= 3;
set session_replication_role = origin;

-- 2 duplicates, past the unique index, and 1 NULL, past the column.
update pg_catalog.pg_index set indisready = false where indexrelid = 'ecommerce.user_email_key'::regclass;
update pg_catalog.pg_attribute set attnotnull = false
where attrelid = 'ecommerce."user"'::regclass and attname = 'email';
update ecommerce."user" set email = (select email from ecommerce."user" where user_id = 1) where user_id in (2, 3);
update ecommerce."user" set email = null where user_id = 5;
update pg_catalog.pg_attribute set attnotnull = true
where attrelid = 'ecommerce."user"'::regclass and attname = 'email';
update pg_catalog.pg_index set indisready = true where indexrelid = 'ecommerce.user_email_key'::regclass;

-- 4 breaches of a CHECK.
alter table ecommerce.product_review drop constraint product_review_rating_check;
update ecommerce.product_review set rating = 9 where review_id <= 4;
alter table ecommerce.product_review add constraint product_review_rating_check check (rating between 1 and 5) not valid;

-- 1 lagging sequence.
select setval(pg_get_serial_sequence('ecommerce.product', 'product_id'), 10);
