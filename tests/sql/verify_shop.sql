-- A little data for the tables that the tests of verify damage; every constraint holds.
set search_path = ecommerce;
insert into currency (currency_code, currency_name, currency_symbol) values ('EUR', 'Euro', 'E');
insert into user_status (user_status_name) values ('Active');
insert into user_role (user_role_name) values ('Customer');
insert into order_status (order_status_name) values ('Pending');
insert into payment_method (payment_method_name) values ('Card');
insert into shipping_method (shipping_method_name) values ('Standard');
insert into country (country_code, country_name, phone_prefix) values ('DE', 'Germany', '+49');
insert into product_category (category_name, parent_category_id) values
    ('Electronics', null), ('Phones', 1), ('Books', null), ('Smart phones', 2), ('Novels', 3);
insert into "user" (email, password_hash, first_name, last_name, user_status_id, user_role_id)
select 'u' || i || '@x.example', 'h', 'A', 'B', 1, 1 from generate_series(1, 20) as i;
insert into user_address (user_id, address_type, first_name, last_name, address1, city, postal_code, country_id)
select i, 'Billing', 'A', 'B', 's', 'c', 'p', 1 from generate_series(1, 20) as i;
insert into user_payment_method (user_id, payment_method_id, billing_address_id, account_mask)
select i, 1, i, '1234' from generate_series(1, 20) as i;
insert into product (category_id, sku, product_name, base_price)
select 1 + i % 5, 's' || i, 'n', 10 + i % 10 * 10 from generate_series(1, 50) as i;
insert into product_variant (product_id, variant_name, sku, price)
select i, 'v', 's' || i, 9 from generate_series(1, 50) as i;
insert into "order" (user_id, order_number, order_status_id, currency_id, subtotal_amount, total_amount,
                     user_payment_method_id, shipping_method_id, shipping_address_id, billing_address_id)
select 1 + i % 20, 'o' || i, 1, 1, 18, 18, 1 + i % 20, 1, 1 + i % 20, 1 + i % 20 from generate_series(1, 100) as i;
insert into order_item (order_id, product_id, variant_id, quantity, unit_price, line_total)
select 1 + i % 100, 1 + i % 50, 1 + i % 50, 1, 9, 9 from generate_series(1, 200) as i;
insert into product_review (product_id, user_id, rating, title)
select 1 + i, 1 + i % 20, (array[5, 5, 5, 5, 4, 4, 4, 3, 2, 1])[1 + i % 10], 't' from generate_series(0, 49) as i;
