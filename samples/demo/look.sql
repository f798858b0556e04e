-- What `make look` prints: rows of the demo joined as a person would, to be read with one question: what is fake here?

\pset pager off
\pset expanded on
\pset null '(null)'

\echo == Twenty users with their addresses
select u.user_id, u.first_name || ' ' || u.last_name as name, u.email, u.phone_number as phone, u.birth_date,
       to_char(u.registration_date, 'YYYY-MM-DD HH24:MI:SS') as registered, to_char(u.last_login_date, 'YYYY-MM-DD HH24:MI:SS') as last_login,
       a.address_type || case when a.is_default then ' (default)' else '' end as address,
       a.first_name || ' ' || a.last_name as addressee, a.address1, a.address2,
       concat_ws(', ', a.postal_code || ' ' || a.city, s.state_name, c.country_name) as place, a.phone_number as address_phone
  from ecommerce."user" u
  join ecommerce.user_address a using (user_id)
  join ecommerce.country c on c.country_id = a.country_id
  left join ecommerce.state_province s on s.state_province_id = a.state_province_id
 order by u.user_id, a.address_id
 limit 20;

\echo == Twenty products with their first picture and their variants
select p.product_id, k.category_name as category, b.brand_name as brand, p.product_name as name, p.sku, p.description, p.base_price as price,
       p.discount_percentage as discount, p.inventory_count as stock, p.weight_kg, p.attributes, p.tags,
       i.image_url, i.alt_text,
       (select string_agg(v.variant_name || ' ' || v.price || ' (' || v.sku || ')', '; ' order by v.variant_id)
          from ecommerce.product_variant v where v.product_id = p.product_id) as variants
  from ecommerce.product p
  join ecommerce.product_category k using (category_id)
  left join ecommerce.product_brand b using (brand_id)
  left join ecommerce.product_image i on i.product_id = p.product_id and i.is_primary
 order by p.product_id
 limit 20;

\echo == Twenty reviews with their product
select r.review_id, p.product_name as product, r.rating, r.title, r.body, r.helpful_count as helpful,
       u.first_name || ' ' || u.last_name as reviewer, to_char(r.created_at, 'YYYY-MM-DD HH24:MI') as written
  from ecommerce.product_review r
  join ecommerce.product p using (product_id)
  join ecommerce."user" u on u.user_id = r.user_id
 order by r.review_id
 limit 20;

\echo == Twenty orders with their items
select o.order_number, to_char(o.order_date, 'Dy YYYY-MM-DD HH24:MI:SS') as ordered, u.first_name || ' ' || u.last_name as buyer,
       s.order_status_name as status, y.currency_code as currency, o.subtotal_amount as subtotal, o.shipping_amount as shipping, m.shipping_method_name as method,
       o.tax_amount as tax, o.discount_amount as discount, o.total_amount as total, o.tracking_number as tracking, o.customer_notes as notes,
       concat_ws(', ', a.address1, a.postal_code || ' ' || a.city, c.country_name) as ship_to,
       (select string_agg(t.quantity || ' x ' || p.product_name || ' / ' || v.variant_name || ' at ' || t.unit_price || ' = ' || t.line_total, E'\n'
               order by t.order_item_id)
          from ecommerce.order_item t
          join ecommerce.product p using (product_id)
          join ecommerce.product_variant v on v.variant_id = t.variant_id
         where t.order_id = o.order_id) as items
  from ecommerce."order" o
  join ecommerce."user" u using (user_id)
  join ecommerce.order_status s on s.order_status_id = o.order_status_id
  join ecommerce.currency y on y.currency_id = o.currency_id
  join ecommerce.shipping_method m on m.shipping_method_id = o.shipping_method_id
  join ecommerce.user_address a on a.address_id = o.shipping_address_id
  join ecommerce.country c on c.country_id = a.country_id
 order by o.order_id
 limit 20;

\pset expanded off
\echo == Twenty searches, twenty notes
select string_agg(term, ', ') as searches from (select search_term as term from ecommerce.user_search order by 1 limit 20) t;
select customer_notes as notes from ecommerce."order" where customer_notes is not null order by order_id limit 20;
