-- Plain SQL over the filled sample shop (samples/sql/ecommerce.sql).
-- One statement: rows of (check_name, violations); all are 0 where all is well.
-- It shares nothing with the engine. Nothing may be later than checks.as_of, or now() where it is not set:
--   PGOPTIONS='-c checks.as_of=2026-01-01T00:00:00Z' psql -f tests/sql/ecommerce_checks.sql
-- The first word of a name says the kind: rows, foreign key, primary key, unique, check, same,
-- time, sum, status, order, one, future, and realism (what no constraint asks for but a reader would).

-- every table has rows --------------------------------------------------------
select 'rows: country' as check_name, case when exists (select from ecommerce.country) then 0 else 1 end as violations
union all select 'rows: state_province', case when exists (select from ecommerce.state_province) then 0 else 1 end
union all select 'rows: currency', case when exists (select from ecommerce.currency) then 0 else 1 end
union all select 'rows: payment_method', case when exists (select from ecommerce.payment_method) then 0 else 1 end
union all select 'rows: shipping_method', case when exists (select from ecommerce.shipping_method) then 0 else 1 end
union all select 'rows: order_status', case when exists (select from ecommerce.order_status) then 0 else 1 end
union all select 'rows: user_status', case when exists (select from ecommerce.user_status) then 0 else 1 end
union all select 'rows: user_role', case when exists (select from ecommerce.user_role) then 0 else 1 end
union all select 'rows: product_category', case when exists (select from ecommerce.product_category) then 0 else 1 end
union all select 'rows: product_brand', case when exists (select from ecommerce.product_brand) then 0 else 1 end
union all select 'rows: user', case when exists (select from ecommerce."user") then 0 else 1 end
union all select 'rows: user_address', case when exists (select from ecommerce.user_address) then 0 else 1 end
union all select 'rows: user_payment_method', case when exists (select from ecommerce.user_payment_method) then 0 else 1 end
union all select 'rows: product', case when exists (select from ecommerce.product) then 0 else 1 end
union all select 'rows: product_variant', case when exists (select from ecommerce.product_variant) then 0 else 1 end
union all select 'rows: product_image', case when exists (select from ecommerce.product_image) then 0 else 1 end
union all select 'rows: product_review', case when exists (select from ecommerce.product_review) then 0 else 1 end
union all select 'rows: related_product', case when exists (select from ecommerce.related_product) then 0 else 1 end
union all select 'rows: promotion', case when exists (select from ecommerce.promotion) then 0 else 1 end
union all select 'rows: promotion_product', case when exists (select from ecommerce.promotion_product) then 0 else 1 end
union all select 'rows: promotion_category', case when exists (select from ecommerce.promotion_category) then 0 else 1 end
union all select 'rows: email_subscription', case when exists (select from ecommerce.email_subscription) then 0 else 1 end
union all select 'rows: shopping_cart', case when exists (select from ecommerce.shopping_cart) then 0 else 1 end
union all select 'rows: shopping_cart_item', case when exists (select from ecommerce.shopping_cart_item) then 0 else 1 end
union all select 'rows: order', case when exists (select from ecommerce."order") then 0 else 1 end
union all select 'rows: order_item', case when exists (select from ecommerce.order_item) then 0 else 1 end
union all select 'rows: order_history', case when exists (select from ecommerce.order_history) then 0 else 1 end
union all select 'rows: order_promotion', case when exists (select from ecommerce.order_promotion) then 0 else 1 end
union all select 'rows: shipping_event', case when exists (select from ecommerce.shipping_event) then 0 else 1 end
union all select 'rows: wish_list', case when exists (select from ecommerce.wish_list) then 0 else 1 end
union all select 'rows: wish_list_item', case when exists (select from ecommerce.wish_list_item) then 0 else 1 end
union all select 'rows: product_view', case when exists (select from ecommerce.product_view) then 0 else 1 end
union all select 'rows: user_search', case when exists (select from ecommerce.user_search) then 0 else 1 end

-- no foreign key dangles -----------------------------------------------------
union all select 'foreign key: state_province.country_id', count(*)
  from ecommerce.state_province c
  where c.country_id is not null and not exists (select from ecommerce.country p where p.country_id = c.country_id)
union all select 'foreign key: product_category.parent_category_id', count(*)
  from ecommerce.product_category c
  where c.parent_category_id is not null and not exists (select from ecommerce.product_category p where p.category_id = c.parent_category_id)
union all select 'foreign key: user.preferred_currency_id', count(*)
  from ecommerce."user" c
  where c.preferred_currency_id is not null and not exists (select from ecommerce.currency p where p.currency_id = c.preferred_currency_id)
union all select 'foreign key: user.user_role_id', count(*)
  from ecommerce."user" c
  where c.user_role_id is not null and not exists (select from ecommerce.user_role p where p.user_role_id = c.user_role_id)
union all select 'foreign key: user.user_status_id', count(*)
  from ecommerce."user" c
  where c.user_status_id is not null and not exists (select from ecommerce.user_status p where p.user_status_id = c.user_status_id)
union all select 'foreign key: user_address.country_id', count(*)
  from ecommerce.user_address c
  where c.country_id is not null and not exists (select from ecommerce.country p where p.country_id = c.country_id)
union all select 'foreign key: user_address.state_province_id', count(*)
  from ecommerce.user_address c
  where c.state_province_id is not null and not exists (select from ecommerce.state_province p where p.state_province_id = c.state_province_id)
union all select 'foreign key: user_address.user_id', count(*)
  from ecommerce.user_address c
  where c.user_id is not null and not exists (select from ecommerce."user" p where p.user_id = c.user_id)
union all select 'foreign key: user_payment_method.billing_address_id', count(*)
  from ecommerce.user_payment_method c
  where c.billing_address_id is not null and not exists (select from ecommerce.user_address p where p.address_id = c.billing_address_id)
union all select 'foreign key: user_payment_method.payment_method_id', count(*)
  from ecommerce.user_payment_method c
  where c.payment_method_id is not null and not exists (select from ecommerce.payment_method p where p.payment_method_id = c.payment_method_id)
union all select 'foreign key: user_payment_method.user_id', count(*)
  from ecommerce.user_payment_method c
  where c.user_id is not null and not exists (select from ecommerce."user" p where p.user_id = c.user_id)
union all select 'foreign key: product.brand_id', count(*)
  from ecommerce.product c
  where c.brand_id is not null and not exists (select from ecommerce.product_brand p where p.brand_id = c.brand_id)
union all select 'foreign key: product.category_id', count(*)
  from ecommerce.product c
  where c.category_id is not null and not exists (select from ecommerce.product_category p where p.category_id = c.category_id)
union all select 'foreign key: product_variant.product_id', count(*)
  from ecommerce.product_variant c
  where c.product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.product_id)
union all select 'foreign key: product_image.product_id', count(*)
  from ecommerce.product_image c
  where c.product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.product_id)
union all select 'foreign key: product_review.product_id', count(*)
  from ecommerce.product_review c
  where c.product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.product_id)
union all select 'foreign key: product_review.user_id', count(*)
  from ecommerce.product_review c
  where c.user_id is not null and not exists (select from ecommerce."user" p where p.user_id = c.user_id)
union all select 'foreign key: related_product.product_id', count(*)
  from ecommerce.related_product c
  where c.product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.product_id)
union all select 'foreign key: related_product.related_product_id', count(*)
  from ecommerce.related_product c
  where c.related_product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.related_product_id)
union all select 'foreign key: promotion_product.product_id', count(*)
  from ecommerce.promotion_product c
  where c.product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.product_id)
union all select 'foreign key: promotion_product.promotion_id', count(*)
  from ecommerce.promotion_product c
  where c.promotion_id is not null and not exists (select from ecommerce.promotion p where p.promotion_id = c.promotion_id)
union all select 'foreign key: promotion_category.category_id', count(*)
  from ecommerce.promotion_category c
  where c.category_id is not null and not exists (select from ecommerce.product_category p where p.category_id = c.category_id)
union all select 'foreign key: promotion_category.promotion_id', count(*)
  from ecommerce.promotion_category c
  where c.promotion_id is not null and not exists (select from ecommerce.promotion p where p.promotion_id = c.promotion_id)
union all select 'foreign key: shopping_cart.user_id', count(*)
  from ecommerce.shopping_cart c
  where c.user_id is not null and not exists (select from ecommerce."user" p where p.user_id = c.user_id)
union all select 'foreign key: shopping_cart_item.cart_id', count(*)
  from ecommerce.shopping_cart_item c
  where c.cart_id is not null and not exists (select from ecommerce.shopping_cart p where p.cart_id = c.cart_id)
union all select 'foreign key: shopping_cart_item.variant_id', count(*)
  from ecommerce.shopping_cart_item c
  where c.variant_id is not null and not exists (select from ecommerce.product_variant p where p.variant_id = c.variant_id)
union all select 'foreign key: order.billing_address_id', count(*)
  from ecommerce."order" c
  where c.billing_address_id is not null and not exists (select from ecommerce.user_address p where p.address_id = c.billing_address_id)
union all select 'foreign key: order.currency_id', count(*)
  from ecommerce."order" c
  where c.currency_id is not null and not exists (select from ecommerce.currency p where p.currency_id = c.currency_id)
union all select 'foreign key: order.order_status_id', count(*)
  from ecommerce."order" c
  where c.order_status_id is not null and not exists (select from ecommerce.order_status p where p.order_status_id = c.order_status_id)
union all select 'foreign key: order.shipping_address_id', count(*)
  from ecommerce."order" c
  where c.shipping_address_id is not null and not exists (select from ecommerce.user_address p where p.address_id = c.shipping_address_id)
union all select 'foreign key: order.shipping_method_id', count(*)
  from ecommerce."order" c
  where c.shipping_method_id is not null and not exists (select from ecommerce.shipping_method p where p.shipping_method_id = c.shipping_method_id)
union all select 'foreign key: order.user_id', count(*)
  from ecommerce."order" c
  where c.user_id is not null and not exists (select from ecommerce."user" p where p.user_id = c.user_id)
union all select 'foreign key: order.user_payment_method_id', count(*)
  from ecommerce."order" c
  where c.user_payment_method_id is not null and not exists (select from ecommerce.user_payment_method p where p.user_payment_method_id = c.user_payment_method_id)
union all select 'foreign key: order_item.order_id', count(*)
  from ecommerce.order_item c
  where c.order_id is not null and not exists (select from ecommerce."order" p where p.order_id = c.order_id)
union all select 'foreign key: order_item.product_id', count(*)
  from ecommerce.order_item c
  where c.product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.product_id)
union all select 'foreign key: order_item.variant_id', count(*)
  from ecommerce.order_item c
  where c.variant_id is not null and not exists (select from ecommerce.product_variant p where p.variant_id = c.variant_id)
union all select 'foreign key: order_history.order_id', count(*)
  from ecommerce.order_history c
  where c.order_id is not null and not exists (select from ecommerce."order" p where p.order_id = c.order_id)
union all select 'foreign key: order_history.order_status_id', count(*)
  from ecommerce.order_history c
  where c.order_status_id is not null and not exists (select from ecommerce.order_status p where p.order_status_id = c.order_status_id)
union all select 'foreign key: order_promotion.order_id', count(*)
  from ecommerce.order_promotion c
  where c.order_id is not null and not exists (select from ecommerce."order" p where p.order_id = c.order_id)
union all select 'foreign key: order_promotion.promotion_id', count(*)
  from ecommerce.order_promotion c
  where c.promotion_id is not null and not exists (select from ecommerce.promotion p where p.promotion_id = c.promotion_id)
union all select 'foreign key: shipping_event.order_id', count(*)
  from ecommerce.shipping_event c
  where c.order_id is not null and not exists (select from ecommerce."order" p where p.order_id = c.order_id)
union all select 'foreign key: wish_list.user_id', count(*)
  from ecommerce.wish_list c
  where c.user_id is not null and not exists (select from ecommerce."user" p where p.user_id = c.user_id)
union all select 'foreign key: wish_list_item.product_id', count(*)
  from ecommerce.wish_list_item c
  where c.product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.product_id)
union all select 'foreign key: wish_list_item.variant_id', count(*)
  from ecommerce.wish_list_item c
  where c.variant_id is not null and not exists (select from ecommerce.product_variant p where p.variant_id = c.variant_id)
union all select 'foreign key: wish_list_item.wish_list_id', count(*)
  from ecommerce.wish_list_item c
  where c.wish_list_id is not null and not exists (select from ecommerce.wish_list p where p.wish_list_id = c.wish_list_id)
union all select 'foreign key: product_view.product_id', count(*)
  from ecommerce.product_view c
  where c.product_id is not null and not exists (select from ecommerce.product p where p.product_id = c.product_id)
union all select 'foreign key: product_view.user_id', count(*)
  from ecommerce.product_view c
  where c.user_id is not null and not exists (select from ecommerce."user" p where p.user_id = c.user_id)
union all select 'foreign key: user_search.user_id', count(*)
  from ecommerce.user_search c
  where c.user_id is not null and not exists (select from ecommerce."user" p where p.user_id = c.user_id)

-- no key and no unique value stands twice; counted are the rows beyond the first 
union all select 'primary key: country (country_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.country where (country_id) is not null group by country_id) g
union all select 'unique: country (country_code)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.country where (country_code) is not null group by country_code) g
union all select 'unique: country (country_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.country where (country_name) is not null group by country_name) g
union all select 'primary key: state_province (state_province_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.state_province where (state_province_id) is not null group by state_province_id) g
union all select 'unique: state_province (country_id, state_code)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.state_province where (country_id, state_code) is not null group by country_id, state_code) g
union all select 'primary key: currency (currency_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.currency where (currency_id) is not null group by currency_id) g
union all select 'unique: currency (currency_code)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.currency where (currency_code) is not null group by currency_code) g
union all select 'unique: currency (currency_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.currency where (currency_name) is not null group by currency_name) g
union all select 'primary key: payment_method (payment_method_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.payment_method where (payment_method_id) is not null group by payment_method_id) g
union all select 'unique: payment_method (payment_method_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.payment_method where (payment_method_name) is not null group by payment_method_name) g
union all select 'primary key: shipping_method (shipping_method_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.shipping_method where (shipping_method_id) is not null group by shipping_method_id) g
union all select 'unique: shipping_method (shipping_method_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.shipping_method where (shipping_method_name) is not null group by shipping_method_name) g
union all select 'primary key: order_status (order_status_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.order_status where (order_status_id) is not null group by order_status_id) g
union all select 'unique: order_status (order_status_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.order_status where (order_status_name) is not null group by order_status_name) g
union all select 'primary key: user_status (user_status_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.user_status where (user_status_id) is not null group by user_status_id) g
union all select 'unique: user_status (user_status_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.user_status where (user_status_name) is not null group by user_status_name) g
union all select 'primary key: user_role (user_role_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.user_role where (user_role_id) is not null group by user_role_id) g
union all select 'unique: user_role (user_role_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.user_role where (user_role_name) is not null group by user_role_name) g
union all select 'primary key: product_category (category_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_category where (category_id) is not null group by category_id) g
union all select 'unique: product_category (category_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_category where (category_name) is not null group by category_name) g
union all select 'primary key: product_brand (brand_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_brand where (brand_id) is not null group by brand_id) g
union all select 'unique: product_brand (brand_name)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_brand where (brand_name) is not null group by brand_name) g
union all select 'primary key: user (user_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce."user" where (user_id) is not null group by user_id) g
union all select 'unique: user (email)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce."user" where (email) is not null group by email) g
union all select 'primary key: user_address (address_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.user_address where (address_id) is not null group by address_id) g
union all select 'primary key: user_payment_method (user_payment_method_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.user_payment_method where (user_payment_method_id) is not null group by user_payment_method_id) g
union all select 'primary key: product (product_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product where (product_id) is not null group by product_id) g
union all select 'unique: product (sku)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product where (sku) is not null group by sku) g
union all select 'primary key: product_variant (variant_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_variant where (variant_id) is not null group by variant_id) g
union all select 'unique: product_variant (sku)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_variant where (sku) is not null group by sku) g
union all select 'primary key: product_image (image_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_image where (image_id) is not null group by image_id) g
union all select 'primary key: product_review (review_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_review where (review_id) is not null group by review_id) g
union all select 'primary key: related_product (relation_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.related_product where (relation_id) is not null group by relation_id) g
union all select 'unique: related_product (product_id, related_product_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.related_product where (product_id, related_product_id) is not null group by product_id, related_product_id) g
union all select 'primary key: promotion (promotion_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.promotion where (promotion_id) is not null group by promotion_id) g
union all select 'unique: promotion (promotion_code)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.promotion where (promotion_code) is not null group by promotion_code) g
union all select 'primary key: promotion_product (promotion_product_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.promotion_product where (promotion_product_id) is not null group by promotion_product_id) g
union all select 'unique: promotion_product (promotion_id, product_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.promotion_product where (promotion_id, product_id) is not null group by promotion_id, product_id) g
union all select 'primary key: promotion_category (promotion_category_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.promotion_category where (promotion_category_id) is not null group by promotion_category_id) g
union all select 'unique: promotion_category (promotion_id, category_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.promotion_category where (promotion_id, category_id) is not null group by promotion_id, category_id) g
union all select 'primary key: email_subscription (subscription_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.email_subscription where (subscription_id) is not null group by subscription_id) g
union all select 'unique: email_subscription (email)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.email_subscription where (email) is not null group by email) g
union all select 'primary key: shopping_cart (cart_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.shopping_cart where (cart_id) is not null group by cart_id) g
union all select 'primary key: shopping_cart_item (cart_item_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.shopping_cart_item where (cart_item_id) is not null group by cart_item_id) g
union all select 'unique: shopping_cart_item (cart_id, variant_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.shopping_cart_item where (cart_id, variant_id) is not null group by cart_id, variant_id) g
union all select 'primary key: order (order_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce."order" where (order_id) is not null group by order_id) g
union all select 'unique: order (order_number)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce."order" where (order_number) is not null group by order_number) g
union all select 'primary key: order_item (order_item_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.order_item where (order_item_id) is not null group by order_item_id) g
union all select 'primary key: order_history (history_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.order_history where (history_id) is not null group by history_id) g
union all select 'primary key: order_promotion (order_promotion_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.order_promotion where (order_promotion_id) is not null group by order_promotion_id) g
union all select 'unique: order_promotion (order_id, promotion_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.order_promotion where (order_id, promotion_id) is not null group by order_id, promotion_id) g
union all select 'primary key: shipping_event (event_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.shipping_event where (event_id) is not null group by event_id) g
union all select 'primary key: wish_list (wish_list_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.wish_list where (wish_list_id) is not null group by wish_list_id) g
union all select 'primary key: wish_list_item (wish_list_item_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.wish_list_item where (wish_list_item_id) is not null group by wish_list_item_id) g
union all select 'unique: wish_list_item (wish_list_id, product_id, variant_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.wish_list_item where (wish_list_id, product_id, variant_id) is not null group by wish_list_id, product_id, variant_id) g
union all select 'primary key: product_view (view_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.product_view where (view_id) is not null group by view_id) g
union all select 'primary key: user_search (search_id)', coalesce(sum(n - 1), 0)::bigint
  from (select count(*) as n from ecommerce.user_search where (search_id) is not null group by search_id) g

-- every CHECK once more, in its own words ------------------------------------
union all select 'check: country: display_order >= 0', count(*) from ecommerce.country where (display_order >= 0) is false
union all select 'check: state_province: display_order >= 0', count(*) from ecommerce.state_province where (display_order >= 0) is false
union all select 'check: currency: exchange_rate > 0', count(*) from ecommerce.currency where (exchange_rate > 0) is false
union all select 'check: currency: display_order >= 0', count(*) from ecommerce.currency where (display_order >= 0) is false
union all select 'check: payment_method: display_order >= 0', count(*) from ecommerce.payment_method where (display_order >= 0) is false
union all select 'check: shipping_method: base_rate >= 0', count(*) from ecommerce.shipping_method where (base_rate >= 0) is false
union all select 'check: shipping_method: min_delivery_days >= 0', count(*) from ecommerce.shipping_method where (min_delivery_days >= 0) is false
union all select 'check: shipping_method: display_order >= 0', count(*) from ecommerce.shipping_method where (display_order >= 0) is false
union all select 'check: shipping_method: min_delivery_days <= max_delivery_days', count(*)
  from ecommerce.shipping_method where (min_delivery_days <= max_delivery_days) is false
union all select 'check: order_status: display_order >= 0', count(*) from ecommerce.order_status where (display_order >= 0) is false
union all select 'check: user_status: display_order >= 0', count(*) from ecommerce.user_status where (display_order >= 0) is false
union all select 'check: user_role: display_order >= 0', count(*) from ecommerce.user_role where (display_order >= 0) is false
union all select 'check: product_category: display_order >= 0', count(*) from ecommerce.product_category where (display_order >= 0) is false
union all select 'check: product_brand: display_order >= 0', count(*) from ecommerce.product_brand where (display_order >= 0) is false
union all select 'check: user: birth_date >= ''1900-01-01''', count(*) from ecommerce."user" where (birth_date >= '1900-01-01') is false
union all select 'check: user: last_login_date is null or registration_date <= last_login_date', count(*)
  from ecommerce."user" where (last_login_date is null or registration_date <= last_login_date) is false
union all select 'check: user: created_at <= updated_at', count(*) from ecommerce."user" where (created_at <= updated_at) is false
union all select 'check: user_address: created_at <= updated_at', count(*) from ecommerce.user_address where (created_at <= updated_at) is false
union all select 'check: product: base_price >= 0', count(*) from ecommerce.product where (base_price >= 0) is false
union all select 'check: product: discount_percentage between 0 and 100', count(*)
  from ecommerce.product where (discount_percentage between 0 and 100) is false
union all select 'check: product: inventory_count >= 0', count(*) from ecommerce.product where (inventory_count >= 0) is false
union all select 'check: product: weight_kg > 0', count(*) from ecommerce.product where (weight_kg > 0) is false
union all select 'check: product: created_at <= updated_at', count(*) from ecommerce.product where (created_at <= updated_at) is false
union all select 'check: product_variant: price >= 0', count(*) from ecommerce.product_variant where (price >= 0) is false
union all select 'check: product_variant: inventory_count >= 0', count(*) from ecommerce.product_variant where (inventory_count >= 0) is false
union all select 'check: product_image: display_order >= 1', count(*) from ecommerce.product_image where (display_order >= 1) is false
union all select 'check: product_review: rating between 1 and 5', count(*) from ecommerce.product_review where (rating between 1 and 5) is false
union all select 'check: product_review: helpful_count >= 0', count(*) from ecommerce.product_review where (helpful_count >= 0) is false
union all select 'check: related_product: display_order >= 1', count(*) from ecommerce.related_product where (display_order >= 1) is false
union all select 'check: related_product: product_id <> related_product_id', count(*)
  from ecommerce.related_product where (product_id <> related_product_id) is false
union all select 'check: promotion: discount_value >= 0', count(*) from ecommerce.promotion where (discount_value >= 0) is false
union all select 'check: promotion: minimum_order_amount >= 0', count(*) from ecommerce.promotion where (minimum_order_amount >= 0) is false
union all select 'check: promotion: usage_limit > 0', count(*) from ecommerce.promotion where (usage_limit > 0) is false
union all select 'check: promotion: end_date is null or start_date <= end_date', count(*)
  from ecommerce.promotion where (end_date is null or start_date <= end_date) is false
union all select 'check: email_subscription: source in (''Footer'', ''Checkout'', ''Popup'', ''Account'')', count(*)
  from ecommerce.email_subscription where (source in ('Footer', 'Checkout', 'Popup', 'Account')) is false
union all select 'check: email_subscription: unsubscribed_at is null or subscribed_at <= unsubscribed_at', count(*)
  from ecommerce.email_subscription where (unsubscribed_at is null or subscribed_at <= unsubscribed_at) is false
union all select 'check: shopping_cart: created_at <= updated_at', count(*) from ecommerce.shopping_cart where (created_at <= updated_at) is false
union all select 'check: shopping_cart_item: quantity > 0', count(*) from ecommerce.shopping_cart_item where (quantity > 0) is false
union all select 'check: order: subtotal_amount >= 0', count(*) from ecommerce."order" where (subtotal_amount >= 0) is false
union all select 'check: order: shipping_amount >= 0', count(*) from ecommerce."order" where (shipping_amount >= 0) is false
union all select 'check: order: tax_amount >= 0', count(*) from ecommerce."order" where (tax_amount >= 0) is false
union all select 'check: order: discount_amount >= 0', count(*) from ecommerce."order" where (discount_amount >= 0) is false
union all select 'check: order: total_amount >= 0', count(*) from ecommerce."order" where (total_amount >= 0) is false
union all select 'check: order: completed_at is null or order_date <= completed_at', count(*)
  from ecommerce."order" where (completed_at is null or order_date <= completed_at) is false
union all select 'check: order: cancelled_at is null or order_date <= cancelled_at', count(*)
  from ecommerce."order" where (cancelled_at is null or order_date <= cancelled_at) is false
union all select 'check: order: created_at <= updated_at', count(*) from ecommerce."order" where (created_at <= updated_at) is false
union all select 'check: order_item: quantity > 0', count(*) from ecommerce.order_item where (quantity > 0) is false
union all select 'check: order_item: unit_price >= 0', count(*) from ecommerce.order_item where (unit_price >= 0) is false
union all select 'check: order_item: line_total >= 0', count(*) from ecommerce.order_item where (line_total >= 0) is false
union all select 'check: order_item: item_status in (''Pending'', ''Shipped'', ''Delivered'', ''Cancelled'')', count(*)
  from ecommerce.order_item where (item_status in ('Pending', 'Shipped', 'Delivered', 'Cancelled')) is false
union all select 'check: order_promotion: discount_amount >= 0', count(*) from ecommerce.order_promotion where (discount_amount >= 0) is false
union all select 'check: shipping_event: event_type in (''LabelCreated'', ''PickedUp'', ''InTransit'', ''OutForDelivery'', ''Delivered'')', count(*)
  from ecommerce.shipping_event where (event_type in ('LabelCreated', 'PickedUp', 'InTransit', 'OutForDelivery', 'Delivered')) is false
union all select 'check: product_view: device_type in (''Desktop'', ''Mobile'', ''Tablet'')', count(*)
  from ecommerce.product_view where (device_type in ('Desktop', 'Mobile', 'Tablet')) is false
union all select 'check: user_search: result_count >= 0', count(*) from ecommerce.user_search where (result_count >= 0) is false

-- what belongs to one belongs to the same one --------------------------------
union all select 'same: shipping address of the order belongs to its user', count(*)
  from ecommerce."order" c join ecommerce.user_address p on p.address_id = c.shipping_address_id
  where p.user_id <> c.user_id
union all select 'same: billing address of the order belongs to its user', count(*)
  from ecommerce."order" c join ecommerce.user_address p on p.address_id = c.billing_address_id
  where p.user_id <> c.user_id
union all select 'same: payment method of the order belongs to its user', count(*)
  from ecommerce."order" c join ecommerce.user_payment_method p on p.user_payment_method_id = c.user_payment_method_id
  where p.user_id <> c.user_id
union all select 'same: billing address of the payment method belongs to its user', count(*)
  from ecommerce.user_payment_method c join ecommerce.user_address p on p.address_id = c.billing_address_id
  where p.user_id <> c.user_id
union all select 'same: state of the address belongs to its country', count(*)
  from ecommerce.user_address c join ecommerce.state_province p on p.state_province_id = c.state_province_id
  where p.country_id <> c.country_id
union all select 'same: variant of the order item belongs to its product', count(*)
  from ecommerce.order_item c join ecommerce.product_variant p on p.variant_id = c.variant_id
  where p.product_id <> c.product_id
union all select 'same: variant of the wish list item belongs to its product', count(*)
  from ecommerce.wish_list_item c join ecommerce.product_variant p on p.variant_id = c.variant_id
  where p.product_id <> c.product_id

-- no child is older than its parent ------------------------------------------
union all select 'time: user_address.created_at >= user.registration_date by user_id', count(*)
  from ecommerce.user_address c join ecommerce."user" p on p.user_id = c.user_id
  where c.created_at < p.registration_date
union all select 'time: user_address.created_at >= user.created_at by user_id', count(*)
  from ecommerce.user_address c join ecommerce."user" p on p.user_id = c.user_id
  where c.created_at < p.created_at
union all select 'time: user_payment_method.created_at >= user.registration_date by user_id', count(*)
  from ecommerce.user_payment_method c join ecommerce."user" p on p.user_id = c.user_id
  where c.created_at < p.registration_date
union all select 'time: user_payment_method.created_at >= user_address.created_at by billing_address_id', count(*)
  from ecommerce.user_payment_method c join ecommerce.user_address p on p.address_id = c.billing_address_id
  where c.created_at < p.created_at
union all select 'time: product_variant.created_at >= product.created_at by product_id', count(*)
  from ecommerce.product_variant c join ecommerce.product p on p.product_id = c.product_id
  where c.created_at < p.created_at
union all select 'time: product_image.created_at >= product.created_at by product_id', count(*)
  from ecommerce.product_image c join ecommerce.product p on p.product_id = c.product_id
  where c.created_at < p.created_at
union all select 'time: product_review.created_at >= product.created_at by product_id', count(*)
  from ecommerce.product_review c join ecommerce.product p on p.product_id = c.product_id
  where c.created_at < p.created_at
union all select 'time: product_review.created_at >= user.registration_date by user_id', count(*)
  from ecommerce.product_review c join ecommerce."user" p on p.user_id = c.user_id
  where c.created_at < p.registration_date
union all select 'time: shopping_cart.created_at >= user.registration_date by user_id', count(*)
  from ecommerce.shopping_cart c join ecommerce."user" p on p.user_id = c.user_id
  where c.created_at < p.registration_date
union all select 'time: shopping_cart_item.added_at >= shopping_cart.created_at by cart_id', count(*)
  from ecommerce.shopping_cart_item c join ecommerce.shopping_cart p on p.cart_id = c.cart_id
  where c.added_at < p.created_at
union all select 'time: shopping_cart_item.added_at >= product_variant.created_at by variant_id', count(*)
  from ecommerce.shopping_cart_item c join ecommerce.product_variant p on p.variant_id = c.variant_id
  where c.added_at < p.created_at
union all select 'time: order.order_date >= user.registration_date by user_id', count(*)
  from ecommerce."order" c join ecommerce."user" p on p.user_id = c.user_id
  where c.order_date < p.registration_date
union all select 'time: order.created_at >= user.created_at by user_id', count(*)
  from ecommerce."order" c join ecommerce."user" p on p.user_id = c.user_id
  where c.created_at < p.created_at
union all select 'time: order.order_date >= user_address.created_at by shipping_address_id', count(*)
  from ecommerce."order" c join ecommerce.user_address p on p.address_id = c.shipping_address_id
  where c.order_date < p.created_at
union all select 'time: order.order_date >= user_address.created_at by billing_address_id', count(*)
  from ecommerce."order" c join ecommerce.user_address p on p.address_id = c.billing_address_id
  where c.order_date < p.created_at
union all select 'time: order.order_date >= user_payment_method.created_at by user_payment_method_id', count(*)
  from ecommerce."order" c join ecommerce.user_payment_method p on p.user_payment_method_id = c.user_payment_method_id
  where c.order_date < p.created_at
union all select 'time: order_history.changed_at >= order.order_date by order_id', count(*)
  from ecommerce.order_history c join ecommerce."order" p on p.order_id = c.order_id
  where c.changed_at < p.order_date
union all select 'time: shipping_event.occurred_at >= order.order_date by order_id', count(*)
  from ecommerce.shipping_event c join ecommerce."order" p on p.order_id = c.order_id
  where c.occurred_at < p.order_date
union all select 'time: wish_list.created_at >= user.registration_date by user_id', count(*)
  from ecommerce.wish_list c join ecommerce."user" p on p.user_id = c.user_id
  where c.created_at < p.registration_date
union all select 'time: wish_list_item.added_at >= wish_list.created_at by wish_list_id', count(*)
  from ecommerce.wish_list_item c join ecommerce.wish_list p on p.wish_list_id = c.wish_list_id
  where c.added_at < p.created_at
union all select 'time: wish_list_item.added_at >= product.created_at by product_id', count(*)
  from ecommerce.wish_list_item c join ecommerce.product p on p.product_id = c.product_id
  where c.added_at < p.created_at
union all select 'time: wish_list_item.added_at >= product_variant.created_at by variant_id', count(*)
  from ecommerce.wish_list_item c join ecommerce.product_variant p on p.variant_id = c.variant_id
  where c.added_at < p.created_at
union all select 'time: product_view.viewed_at >= product.created_at by product_id', count(*)
  from ecommerce.product_view c join ecommerce.product p on p.product_id = c.product_id
  where c.viewed_at < p.created_at
union all select 'time: product_view.viewed_at >= user.registration_date by user_id', count(*)
  from ecommerce.product_view c join ecommerce."user" p on p.user_id = c.user_id
  where c.viewed_at < p.registration_date
union all select 'time: user_search.searched_at >= user.registration_date by user_id', count(*)
  from ecommerce.user_search c join ecommerce."user" p on p.user_id = c.user_id
  where c.searched_at < p.registration_date
union all select 'time: order.order_date >= product.created_at by order_item.product_id', count(*)
  from ecommerce.order_item c join ecommerce.product p on p.product_id = c.product_id
  join ecommerce."order" o on o.order_id = c.order_id
  where o.order_date < p.created_at
union all select 'time: order.order_date >= product_variant.created_at by order_item.variant_id', count(*)
  from ecommerce.order_item c join ecommerce.product_variant p on p.variant_id = c.variant_id
  join ecommerce."order" o on o.order_id = c.order_id
  where o.order_date < p.created_at
union all select 'time: user.last_login_date >= latest order_date', count(*)
  from ecommerce."user" u
  where exists (select from ecommerce."order" o where o.user_id = u.user_id and (u.last_login_date is null or o.order_date > u.last_login_date))
union all select 'time: review not before the delivery of its product', count(*)
  from ecommerce.product_review r
  where not exists (
    select from ecommerce.order_item i join ecommerce."order" o using (order_id)
    where o.user_id = r.user_id and i.product_id = r.product_id and o.completed_at <= r.created_at)
union all select 'time: order.updated_at >= completed_at and cancelled_at', count(*)
  from ecommerce."order" where updated_at < greatest(completed_at, cancelled_at)
union all select 'time: order history not after completed_at or cancelled_at', count(*)
  from ecommerce.order_history h join ecommerce."order" o using (order_id)
  where h.changed_at > coalesce(o.completed_at, o.cancelled_at)

-- sums and copies agree to the cent ------------------------------------------
union all select 'sum: order_item.line_total = quantity * unit_price', count(*) from ecommerce.order_item where line_total <> quantity * unit_price
union all select 'sum: order_item.unit_price = product_variant.price', count(*)
  from ecommerce.order_item i join ecommerce.product_variant v using (variant_id)
  where i.unit_price <> v.price
union all select 'sum: the usual price of a variant is the base price less the discount', count(*)
  from (select count(*) filter (where v.price = round(p.base_price * (100 - p.discount_percentage) / 100, 2)) as usual, count(*) as all_of_them
        from ecommerce.product_variant v join ecommerce.product p using (product_id)) t
  where usual < 0.5 * all_of_them
union all select 'sum: a promotion is used no more often than it may be', count(*)
  from ecommerce.promotion p
  where p.usage_limit < (select count(*) from ecommerce.order_promotion u where u.promotion_id = p.promotion_id)
union all select 'sum: order.total_amount = subtotal + shipping + tax - discount', count(*)
  from ecommerce."order"
  where total_amount <> subtotal_amount + shipping_amount + tax_amount - discount_amount
union all select 'sum: order.subtotal_amount = sum of line_total', count(*)
  from ecommerce."order" o
  where o.subtotal_amount <> (select coalesce(sum(i.line_total), 0) from ecommerce.order_item i where i.order_id = o.order_id)
union all select 'sum: order.discount_amount = sum of order_promotion.discount_amount', count(*)
  from ecommerce."order" o
  where o.discount_amount <> (select coalesce(sum(p.discount_amount), 0) from ecommerce.order_promotion p where p.order_id = o.order_id)

-- a status and what hangs on it agree ----------------------------------------
union all select 'status: Delivered if and only if completed_at', count(*)
  from ecommerce."order" o join ecommerce.order_status s using (order_status_id)
  where (s.order_status_name = 'Delivered') <> (o.completed_at is not null)
union all select 'status: Cancelled if and only if cancelled_at', count(*)
  from ecommerce."order" o join ecommerce.order_status s using (order_status_id)
  where (s.order_status_name = 'Cancelled') <> (o.cancelled_at is not null)
union all select 'status: tracking number only once shipped', count(*)
  from ecommerce."order" o join ecommerce.order_status s using (order_status_id)
  where o.tracking_number is not null and s.order_status_name not in ('Shipped', 'Delivered')
union all select 'status: no tracking number where nothing is sent', count(*)
  from ecommerce."order" o join ecommerce.shipping_method m using (shipping_method_id)
  where o.tracking_number is not null and m.shipping_method_name = 'Store Pickup'
union all select 'status: order item agrees with its order', count(*)
  from ecommerce.order_item i join ecommerce."order" o using (order_id) join ecommerce.order_status s using (order_status_id)
  where i.item_status <> case s.order_status_name when 'Processing' then 'Pending' else s.order_status_name end
union all select 'status: order history ends in the status of the order', count(*)
  from ecommerce."order" o
  where exists (select from ecommerce.order_history h where h.order_id = o.order_id)
    and o.order_status_id <> (
      select h.order_status_id from ecommerce.order_history h
      where h.order_id = o.order_id order by h.changed_at desc, h.history_id desc limit 1)
union all select 'status: review only of a product from a delivered order of its user', count(*)
  from ecommerce.product_review r
  where not exists (
    select from ecommerce.order_item i join ecommerce."order" o using (order_id) join ecommerce.order_status s using (order_status_id)
    where o.user_id = r.user_id and i.product_id = r.product_id and s.order_status_name = 'Delivered')
union all select 'status: shipping events only once shipped', count(*)
  from ecommerce.shipping_event e join ecommerce."order" o using (order_id) join ecommerce.order_status s using (order_status_id)
  where s.order_status_name not in ('Shipped', 'Delivered')
union all select 'status: event Delivered only in delivered orders', count(*)
  from ecommerce.shipping_event e join ecommerce."order" o using (order_id) join ecommerce.order_status s using (order_status_id)
  where e.event_type = 'Delivered' and s.order_status_name <> 'Delivered'

-- keys and times rise together (within one run) ------------------------------
union all select 'order: order_id rises with order_date', count(*)
  from (select order_date, lag(order_date) over (order by order_id) as earlier from ecommerce."order") t
  where t.order_date < t.earlier
union all select 'order: user_id rises with registration_date', count(*)
  from (select registration_date, lag(registration_date) over (order by user_id) as earlier from ecommerce."user") t
  where t.registration_date < t.earlier
union all select 'order: user_id rises with created_at', count(*)
  from (select created_at, lag(created_at) over (order by user_id) as earlier from ecommerce."user") t
  where t.created_at < t.earlier
union all select 'order: review_id rises with created_at', count(*)
  from (select created_at, lag(created_at) over (order by review_id) as earlier from ecommerce.product_review) t
  where t.created_at < t.earlier
union all select 'order: history of an order rises in time', count(*)
  from (select changed_at, lag(changed_at) over (partition by order_id order by history_id) as earlier from ecommerce.order_history) t
  where t.changed_at <= t.earlier
union all select 'order: images of a product rise in time', count(*)
  from (select created_at, lag(created_at) over (partition by product_id order by display_order) as earlier from ecommerce.product_image) t
  where t.created_at < t.earlier
union all select 'order: shipping events of an order rise in time', count(*)
  from (select occurred_at, lag(occurred_at) over (partition by order_id order by event_id) as earlier from ecommerce.shipping_event) t
  where t.occurred_at <= t.earlier

-- one of a kind --------------------------------------------------------------
union all select 'one: at most one primary image of a product', count(*)
  from (select from ecommerce.product_image where is_primary group by product_id having count(*) > 1) g
union all select 'one: a primary image where there are images', count(*)
  from (select from ecommerce.product_image group by product_id having not bool_or(is_primary)) g
union all select 'one: at most one default address of a user and type', count(*)
  from (select from ecommerce.user_address where is_default group by user_id, address_type having count(*) > 1) g
union all select 'one: at most one default payment method of a user', count(*)
  from (select from ecommerce.user_payment_method where is_default group by user_id having count(*) > 1) g
union all select 'one: exactly one default currency', abs(count(*) - 1) from ecommerce.currency where is_default

-- nothing lies in the future -------------------------------------------------
union all select 'future: user.registration_date', count(*)
  from ecommerce."user" where registration_date > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: user.last_login_date', count(*)
  from ecommerce."user" where last_login_date > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: user.created_at', count(*)
  from ecommerce."user" where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: user.updated_at', count(*)
  from ecommerce."user" where updated_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: user_address.created_at', count(*)
  from ecommerce.user_address where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: user_address.updated_at', count(*)
  from ecommerce.user_address where updated_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: user_payment_method.created_at', count(*)
  from ecommerce.user_payment_method where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: product.created_at', count(*)
  from ecommerce.product where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: product.updated_at', count(*)
  from ecommerce.product where updated_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: product_variant.created_at', count(*)
  from ecommerce.product_variant where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: product_image.created_at', count(*)
  from ecommerce.product_image where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: product_review.created_at', count(*)
  from ecommerce.product_review where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: promotion.created_at', count(*)
  from ecommerce.promotion where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: email_subscription.subscribed_at', count(*)
  from ecommerce.email_subscription where subscribed_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: email_subscription.unsubscribed_at', count(*)
  from ecommerce.email_subscription where unsubscribed_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: shopping_cart.created_at', count(*)
  from ecommerce.shopping_cart where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: shopping_cart.updated_at', count(*)
  from ecommerce.shopping_cart where updated_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: shopping_cart_item.added_at', count(*)
  from ecommerce.shopping_cart_item where added_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: order.order_date', count(*)
  from ecommerce."order" where order_date > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: order.completed_at', count(*)
  from ecommerce."order" where completed_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: order.cancelled_at', count(*)
  from ecommerce."order" where cancelled_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: order.created_at', count(*)
  from ecommerce."order" where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: order.updated_at', count(*)
  from ecommerce."order" where updated_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: order_history.changed_at', count(*)
  from ecommerce.order_history where changed_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: shipping_event.occurred_at', count(*)
  from ecommerce.shipping_event where occurred_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: wish_list.created_at', count(*)
  from ecommerce.wish_list where created_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: wish_list_item.added_at', count(*)
  from ecommerce.wish_list_item where added_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: product_view.viewed_at', count(*)
  from ecommerce.product_view where viewed_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())
union all select 'future: user_search.searched_at', count(*)
  from ecommerce.user_search where searched_at > coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now())

-- what a reader would find odd -----------------------------------------------
union all select 'realism: order without items', count(*)
  from ecommerce."order" o where not exists (select from ecommerce.order_item i where i.order_id = o.order_id)
union all select 'realism: order without history', count(*)
  from ecommerce."order" o where not exists (select from ecommerce.order_history h where h.order_id = o.order_id)
union all select 'realism: product without variants', count(*)
  from ecommerce.product p where not exists (select from ecommerce.product_variant v where v.product_id = p.product_id)
union all select 'realism: delivered order without event Delivered', count(*)
  from ecommerce."order" o join ecommerce.order_status s using (order_status_id)
  where s.order_status_name = 'Delivered'
    and not exists (select from ecommerce.shipping_event e where e.order_id = o.order_id and e.event_type = 'Delivered')
union all select 'realism: shipped order without tracking number', count(*)
  from ecommerce."order" o join ecommerce.order_status s using (order_status_id) join ecommerce.shipping_method m using (shipping_method_id)
  where o.tracking_number is null and s.order_status_name in ('Shipped', 'Delivered') and m.shipping_method_name <> 'Store Pickup'
union all select 'realism: status twice in the history of an order', count(*)
  from (select from ecommerce.order_history group by order_id, order_status_id having count(*) > 1) g
union all select 'realism: history of an order goes backwards', count(*)
  from (
    select s.display_order, lag(s.display_order) over (partition by h.order_id order by h.history_id) as earlier
    from ecommerce.order_history h join ecommerce.order_status s using (order_status_id)) t
  where t.display_order < t.earlier
union all select 'realism: shipping event twice in an order', count(*)
  from (select from ecommerce.shipping_event where event_type <> 'InTransit' group by order_id, event_type having count(*) > 1) g
union all select 'realism: ships to an address of type Billing', count(*)
  from ecommerce."order" o join ecommerce.user_address a on a.address_id = o.shipping_address_id
  where a.address_type <> 'Shipping'
union all select 'realism: bills to an address of type Shipping', count(*)
  from ecommerce."order" o join ecommerce.user_address a on a.address_id = o.billing_address_id
  where a.address_type <> 'Billing'
union all select 'realism: user without a default address of each type', count(*)
  from ecommerce."user" u
  where (select count(distinct a.address_type) from ecommerce.user_address a where a.user_id = u.user_id and a.is_default) < 2
union all select 'realism: discount above subtotal', count(*) from ecommerce."order" where discount_amount > subtotal_amount
union all select 'realism: order date and creation of the row are a day or more apart', count(*)
  from ecommerce."order" where abs(extract(epoch from created_at - order_date)) >= 86400
union all select 'realism: registration and creation of the user are a day or more apart', count(*)
  from ecommerce."user" where abs(extract(epoch from created_at - registration_date)) >= 86400
union all select 'realism: promotion used before its start or after its end', count(*)
  from ecommerce.order_promotion p join ecommerce.promotion m using (promotion_id) join ecommerce."order" o using (order_id)
  where o.order_date < m.start_date or o.order_date > m.end_date
union all select 'realism: percentage above 100', count(*) from ecommerce.promotion where discount_type = 'Percentage' and discount_value > 100
union all select 'realism: free shipping with a discount value', count(*)
  from ecommerce.promotion where discount_type = 'FreeShipping' and discount_value <> 0
union all select 'realism: variant far from the price of its product', count(*)
  from ecommerce.product_variant v join ecommerce.product p using (product_id)
  where v.price not between p.base_price * 0.3 and p.base_price * 3
union all select 'realism: two variants of a product with one name', count(*)
  from (select from ecommerce.product_variant group by product_id, variant_name having count(*) > 1) g
union all select 'realism: two images of a product at one position', count(*)
  from (select from ecommerce.product_image group by product_id, display_order having count(*) > 1) g
union all select 'realism: product in a category that has categories below', count(*)
  from ecommerce.product p
  where exists (select from ecommerce.product_category c where c.parent_category_id = p.category_id)
union all select 'realism: address in a country the shop does not deliver to', count(*)
  from ecommerce.user_address a join ecommerce.country c using (country_id) where not c.is_supported
union all select 'realism: subscribed flag against its end', count(*)
  from ecommerce.email_subscription where is_subscribed <> (unsubscribed_at is null)
union all select 'realism: younger than 18 or older than 90 at registration', count(*)
  from ecommerce."user"
  where extract(year from age(registration_date at time zone 'UTC', birth_date)) not between 18 and 90
union all select 'realism: one order names the same variant twice', count(*)
  from (select from ecommerce.order_item group by order_id, variant_id having count(*) > 1) twice
union all select 'realism: tax at another rate than that of the place it is sent to', count(*)
  from ecommerce."order" o join ecommerce.user_address a on a.address_id = o.shipping_address_id
  join ecommerce.country c on c.country_id = a.country_id
  where c.country_code in ('DE', 'GB', 'FR', 'IT', 'CH')
    and abs(o.tax_amount - (o.subtotal_amount - o.discount_amount)
      * case c.country_code when 'DE' then 0.19 when 'IT' then 0.22 when 'CH' then 0.081 else 0.2 end) > 0.01
union all select 'realism: parcel delivered in another town than its address', count(*)
  from ecommerce.shipping_event e join ecommerce."order" o using (order_id)
  join ecommerce.user_address a on a.address_id = o.shipping_address_id
  where e.event_type = 'Delivered' and e.location is not null and e.location not like a.city || '%'
union all select 'realism: description that speaks of a brand its product has not', count(*)
  from ecommerce.product where description ~ '^[[:lower:]]|\s[.,:;]|\s\s|\mby[.,;]'
union all select 'realism: cart changed before its latest item', count(*)
  from ecommerce.shopping_cart_item i join ecommerce.shopping_cart c using (cart_id) where c.updated_at < i.added_at
union all select 'realism: category tree with a loop or without a root', count(*)
  from ecommerce.product_category c
  where not exists (
    with recursive up as (
      select c.category_id as id, c.parent_category_id as parent_id, 1 as depth
      union all
      select p.category_id, p.parent_category_id, up.depth + 1
      from up join ecommerce.product_category p on p.category_id = up.parent_id where up.depth < 50)
    select from up where parent_id is null)
;
