-- Whether the filled sample shop (samples/sql/ecommerce.sql) would be taken for a real one: one statement of
-- (check_name, violations), 0 where all is well. Shares with the engine only its published word lists, loaded by
-- the test into the schema `words` (nouns: noun, price_low, price_high, categories; places: city, region, country_code,
-- postcode, dialling_code).
-- A measured share is a violation where it lies outside its bounds; the name then says what was measured.
with
buyers as (
    select u.user_id, u.email, split_part(u.email, '@', 1) as local, split_part(u.email, '@', 2) as domain,
           lower(translate(u.first_name, 'äöüÄÖÜéèêëáàâãåçñíìîïóòôõúùûøæßłœ', 'aouAOUeeeeaaaaacniiiioooouuuoaslo')) as first_name,
           lower(translate(u.last_name, 'äöüÄÖÜéèêëáàâãåçñíìîïóòôõúùûøæßłœ', 'aouAOUeeeeaaaaacniiiioooouuuoaslo')) as last_name,
           u.last_name as family, u.registration_date, u.last_login_date, u.birth_date, u.phone_number
      from ecommerce."user" u
),
named as (
    select count(*) filter (where
               regexp_replace(local, '[^a-z]', '', 'g') like '%' || left(regexp_replace(last_name, '[^a-z]', '', 'g'), 3) || '%'
            or regexp_replace(local, '[^a-z]', '', 'g') like '%' || left(regexp_replace(first_name, '[^a-z]', '', 'g'), 3) || '%')::numeric
           / greatest(count(*), 1) as share
      from buyers
),
families as (
    select coalesce(sum(n), 0) / greatest((select count(*) from buyers), 1) as share
      from (select count(*)::numeric as n from buyers group by family order by 1 desc limit 10) t
),
sold as (
    select p.product_id, coalesce(sum(t.quantity), 0)::numeric as units
      from ecommerce.product p left join ecommerce.order_item t using (product_id) group by 1
),
ranked as (
    select units, row_number() over (order by units) as place, count(*) over () as n, sum(units) over () as total,
           ntile(10) over (order by units desc) as tenth
      from sold
),
gini as (
    select round(2 * sum(place * units) / (max(n) * max(total)) - (max(n) + 1) / max(n), 3) as coefficient,
           round(sum(units) filter (where tenth = 1) / max(total), 3) as top_tenth,
           count(*) filter (where units = 0) as unsold
      from ranked where total > 0
),
-- A book's title may speak of any thing; what it is stands after the colon ("Low Water: A Family Saga by .."), and
-- nowhere where there is none.
things as materialized (
    select p.product_id, p.category_id, p.base_price,
           lower(case when exists (select from ecommerce.product_category c join ecommerce.product_category up on up.category_id = c.parent_category_id
                                    where c.category_id = p.category_id and up.category_name = 'Books')
                      then substring(p.product_name from ': (.*)$') else p.product_name end) as product_name
      from ecommerce.product p
),
-- The nouns that a name speaks of: its runs of whole words that are nouns of the list.
nouned as materialized (
    select p.product_id, p.category_id, p.base_price, n.noun, n.price_low, n.price_high
      from things p
     cross join lateral (select regexp_split_to_array(p.product_name, '[ ,:()/]+') as all_words) w
     cross join lateral generate_subscripts(all_words, 1) as first
     cross join generate_series(0, (select max(cardinality(string_to_array(noun, ' '))) - 1 from words.nouns)) as more
      join words.nouns n on lower(n.noun) = array_to_string(all_words[first:first + more], ' ')
),
-- The categories of the shop that a noun belongs to, by their own names or their parents'.
homes as materialized (
    select distinct n.noun, c.category_id
      from words.nouns n
     cross join lateral unnest(string_to_array(n.categories, '|')) w
      join ecommerce.product_category k on lower(k.category_name) like '%' || w || '%' or w like '%' || trim(trailing 's' from lower(k.category_name)) || '%'
      join ecommerce.product_category c on k.category_id in (c.category_id, c.parent_category_id)
),
described as (select description from ecommerce.product where description is not null),
sentences as (
    select trim(s) as sentence, count(*)::numeric as n
      from described, regexp_split_to_table(description, '(?<=[.!?])\s+') s
     where length(trim(s)) > 12 group by 1
),
reviewed as (select r.*, p.product_name from ecommerce.product_review r join ecommerce.product p using (product_id)),
spoken as (
    select trim(s) as sentence, count(*)::numeric as n
      from reviewed, regexp_split_to_table(body, '(?<=[.!?])\s+') s
     where body is not null and length(trim(s)) > 12 group by 1
),
lengths as (
    select cardinality(regexp_split_to_array(trim(body), '\s+')) as n from reviewed where body is not null
),
optional as (
    select 'phone' as name, avg((phone_number is null)::int) as share from ecommerce."user"
    union all select 'birth', avg((birth_date is null)::int) from ecommerce."user"
    union all select 'login', avg((last_login_date is null)::int) from ecommerce."user"
    union all select 'second line', avg((address2 is null)::int) from ecommerce.user_address
    union all select 'notes', avg((customer_notes is null)::int) from ecommerce."order"
    union all select 'description', avg((description is null)::int) from ecommerce.product
    union all select 'body', avg((body is null)::int) from ecommerce.product_review
),
stamps as (
    select registration_date as at from ecommerce."user" union all select created_at from ecommerce."user"
    union all select order_date from ecommerce."order" union all select completed_at from ecommerce."order"
    union all select created_at from ecommerce.product union all select created_at from ecommerce.product_review
    union all select viewed_at from ecommerce.product_view union all select searched_at from ecommerce.user_search
),
words as (
    select first_name as word from ecommerce."user" union all select last_name from ecommerce."user"
    union all select product_name from ecommerce.product union all select title from ecommerce.product_review
    union all select search_term from ecommerce.user_search union all select city from ecommerce.user_address
)
select 'mail: not valid' as check_name, count(*) as violations from buyers where email !~ '^[a-z0-9][a-z0-9._+-]*@([a-z0-9-]+\.)+[a-z]+$'
union all select 'mail: twice', count(*) - count(distinct lower(email)) from buyers
union all select 'mail: a domain that somebody may own', count(*) from buyers
     where domain not in ('example.com', 'example.org', 'example.net') and domain !~ '\.(example|test)$'
union all select 'mail: share with the row''s names ' || round(share, 3), (share not between 0.55 and 0.85)::int from named
union all select 'people: share of the ten most frequent surnames ' || round(share, 3), (share >= 0.15)::int from families
union all select 'people: younger than 18 or older than 85', count(*) from buyers
     where extract(year from age(coalesce(nullif(current_setting('checks.as_of', true), '')::timestamptz, now()), birth_date)) not between 17 and 86
union all select 'sales: Gini per product ' || coefficient, (coefficient not between 0.5 and 0.8)::int from gini
union all select 'sales: share of the top tenth ' || top_tenth, (top_tenth not between 0.35 and 0.7)::int from gini
union all select 'sales: products that nobody bought ' || unsold, (unsold = 0)::int from gini
union all select 'users: all of them ordered', (not exists (
     select from ecommerce."user" u where not exists (select from ecommerce."order" o where o.user_id = u.user_id)))::int
union all select 'descriptions: distinct share ' || round(count(distinct description)::numeric / greatest(count(*), 1), 3),
     (count(distinct description) < 0.95 * count(*))::int from described
union all select 'descriptions: sentences in more than 3% of rows, as "' || coalesce(max(sentence), '') || '"', count(*)
     from sentences where n > 0.03 * (select count(*) from described)
union all select 'descriptions: fewer than two sentences or more than five', count(*) from described
     where cardinality(regexp_split_to_array(trim(description), '(?<=[.!?])\s+')) not between 2 and 6
union all select 'reviews: bodies distinct share ' || round(count(distinct body)::numeric / greatest(count(body), 1), 3),
     (count(distinct body) < 0.9 * count(body))::int from reviewed
union all select 'reviews: sentences in more than 3% of rows, as "' || coalesce(max(sentence), '') || '"', count(*)
     from spoken where n > 0.03 * (select count(*) from reviewed)
union all select 'reviews: share without a body ' || round(avg((body is null)::int), 3), (avg((body is null)::int) not between 0.04 and 0.2)::int from reviewed
union all select 'reviews: words of a body, shortest ' || min(n) || ', longest ' || max(n), (min(n) < 2 or max(n) > 120 or max(n) < 30)::int from lengths
union all select 'null rates: optional columns alike ' || string_agg(name || ' ' || round(share, 2), ', '),
     (count(distinct round(share, 2)) < 5)::int from optional
union all select 'null rates: second address lines ' || round(share, 3), (share not between 0.7 and 0.9)::int from optional where name = 'second line'
union all select 'null rates: order notes ' || round(share, 3), (share not between 0.78 and 0.93)::int from optional where name = 'notes'
union all select 'time: stamps on a round midnight', count(*) from stamps where at = date_trunc('day', at)
union all select 'time: evenings are no busier than mornings',
     (count(*) filter (where extract(hour from order_date) between 17 and 22) <= count(*) filter (where extract(hour from order_date) between 5 and 10))::int
     from ecommerce."order"
union all select 'time: last login before the last order', count(*) from ecommerce."user" u
     where last_login_date < (select max(order_date) from ecommerce."order" o where o.user_id = u.user_id)
union all select 'time: review before the product was delivered', count(*) from ecommerce.product_review r
     where not exists (select from ecommerce.order_item t join ecommerce."order" o using (order_id)
                        where t.product_id = r.product_id and o.user_id = r.user_id and o.completed_at <= r.created_at)
union all select 'words: ending in a counter', count(*) from words where word ~ '[A-Za-z] ?#?[0-9]{3,}$' and word !~ '(ml|cm|inch|pieces|pages)$'
union all select 'words: lorem ipsum', count(*) from words where word ~* 'lorem|ipsum'
union all select 'words: a placeholder that was not filled', count(*)
     from (select description as word from ecommerce.product union all select body from ecommerce.product_review union all select word from words) t
     where word ~ '[{}|]|\{@' or word ~ '  '
union all select 'prices: odd endings', count(*) from ecommerce.product where round(base_price * 100) % 100 not in (99, 95, 49, 0)
union all select 'products: no noun of the list in the name', count(*) from things p
     where product_name is not null and not exists (select from nouned n where n.product_id = p.product_id)
union all select 'prices: outside the band of the noun', count(*)
     from (select from nouned group by product_id having not bool_or(base_price between price_low * 0.95 and price_high * 1.05)) t
union all select 'products: noun of another category', count(*)
     from (select from nouned n left join homes h using (noun, category_id) group by n.product_id having count(h.noun) = 0) t
union all select 'places: city not in the country of the address', count(*) from ecommerce.user_address a join ecommerce.country c using (country_id)
     where not exists (select from words.places w where w.city = a.city and w.country_code = c.country_code)
union all select 'places: postcode of another form', count(*) from ecommerce.user_address a join ecommerce.country c using (country_id)
     where not exists (select from words.places w where w.city = a.city and w.country_code = c.country_code
                          and a.postal_code ~ ('^' || replace(replace(w.postcode, '#', '[0-9]'), 'A', '[A-Z]') || '$'))
union all select 'places: telephone of another country', count(*) from ecommerce.user_address a join ecommerce.country c using (country_id)
     where a.phone_number is not null and a.phone_number not like c.phone_prefix || '%'
order by 1
