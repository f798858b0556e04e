//! What no constraint demands and every reader expects: cells that follow from each other. Judged by plain SQL, on the
//! sample and on the shop under other names.

use crate::support::sample::{self, AS_OF, fill_shop};

/// What is counted and must be 0.
const SHOP: [(&str, &str); 10] = [
    (
        "shipping costs what the method costs, or nothing where a promotion says so",
        r#"select count(*) from ecommerce."order" o join ecommerce.shipping_method m using (shipping_method_id)
           where shipping_amount is distinct from case when exists (select from ecommerce.order_promotion op join ecommerce.promotion p using (promotion_id)
               where op.order_id = o.order_id and p.discount_type = 'FreeShipping') then 0 else m.base_rate end"#,
    ),
    (
        "a promotion is used on an order that reaches its minimum",
        r#"select count(*) from ecommerce.order_promotion join ecommerce."order" o using (order_id) join ecommerce.promotion p using (promotion_id)
           where o.subtotal_amount < p.minimum_order_amount"#,
    ),
    (
        "a promotion is used while it is valid",
        r#"select count(*) from ecommerce.order_promotion join ecommerce."order" o using (order_id) join ecommerce.promotion p using (promotion_id)
           where o.order_date not between p.start_date and coalesce(p.end_date, 'infinity')"#,
    ),
    (
        "a subscription has an end where it has ended, after its begin",
        "select count(*) from ecommerce.email_subscription
         where (unsubscribed_at is null) <> is_subscribed or unsubscribed_at < subscribed_at",
    ),
    (
        "order numbers rise with the order date",
        r#"select count(*) from (select order_number collate "C" < lag(order_number collate "C") over (order by order_date, order_id) as falls
           from ecommerce."order") o where falls"#,
    ),
    (
        "no two variants of a product share a name",
        "select count(*) - count(distinct (product_id, variant_name)) from ecommerce.product_variant",
    ),
    (
        "all brands but the shop's own stay in few departments (42 of them, one or two are for almost everything)",
        "with recursive up as (select category_id, category_id as head from ecommerce.product_category where parent_category_id is null
             union all select c.category_id, up.head from ecommerce.product_category c join up on c.parent_category_id = up.category_id)
         select greatest(count(*) - 2, 0) from (select brand_id from ecommerce.product join up using (category_id) where brand_id is not null
             group by brand_id having count(*) > 5 and count(distinct head) > 3) b",
    ),
    (
        "a currency that nobody is given is not used",
        r#"select count(*) from ecommerce."order" join ecommerce.currency using (currency_id) where currency_code in ('JPY', 'NOK', 'DKK')"#,
    ),
    (
        "discounts are what promotions take off",
        r#"select count(*) from ecommerce."order" o where discount_amount <> (select coalesce(sum(p.discount_amount), 0)
           from ecommerce.order_promotion p where p.order_id = o.order_id)"#,
    ),
    (
        "an order is delivered within the days of its shipping method (working days, over at most so many weekends)",
        r#"select count(*) from ecommerce."order" join ecommerce.shipping_method m using (shipping_method_id)
           where completed_at::date - order_date::date not between m.min_delivery_days and m.max_delivery_days + 2 * (m.max_delivery_days / 5 + 1)"#,
    ),
];

/// Which currency a country has; reference lists outside it are not judged by this.
const NATIVE: &str = "create table public.native as select * from (values ('US', 'USD'), ('GB', 'GBP'), ('DE', 'EUR'), ('FR', 'EUR'), ('IT', 'EUR'),
    ('ES', 'EUR'), ('NL', 'EUR'), ('AT', 'EUR'), ('IE', 'EUR'), ('BE', 'EUR'), ('CA', 'CAD'), ('AU', 'AUD'), ('CH', 'CHF'), ('BR', 'BRL')) c";

/// Shares in per cent, and the least of each.
const MOSTLY: [(&str, i64, &str); 8] = [
    (
        "an order is in its user's currency",
        85,
        r#"select 100 * count(*) filter (where o.currency_id = u.preferred_currency_id) / count(*) from ecommerce."order" o join ecommerce."user" u using (user_id)
           where u.preferred_currency_id is not null"#,
    ),
    (
        "related products are of one category or of one beside it",
        85,
        "select 100 * count(*) filter (where a.category_id = b.category_id or ca.parent_category_id is not distinct from cb.parent_category_id) / count(*)
         from ecommerce.related_product r join ecommerce.product a using (product_id) join ecommerce.product b on b.product_id = r.related_product_id
         join ecommerce.product_category ca on ca.category_id = a.category_id join ecommerce.product_category cb on cb.category_id = b.category_id",
    ),
    (
        "without one, in that of the country it goes to",
        60,
        r#"select 100 * count(*) filter (where (co.country_code, c.currency_code) in (select * from native)) / count(*)
           from ecommerce."order" o join ecommerce."user" u using (user_id) join ecommerce.currency c using (currency_id)
           join ecommerce.user_address a on a.address_id = o.shipping_address_id join ecommerce.country co on co.country_id = a.country_id
           where u.preferred_currency_id is null"#,
    ),
    (
        "a user prefers the currency of the country of the first address",
        70,
        r#"select 100 * count(*) filter (where (co.country_code, c.currency_code) in (select * from native)) / count(*)
           from ecommerce."user" u join ecommerce.currency c on c.currency_id = u.preferred_currency_id
           join lateral (select country_id from ecommerce.user_address a where a.user_id = u.user_id order by address_id limit 1) a on true
           join ecommerce.country co using (country_id)"#,
    ),
    (
        "a user's addresses are in one town or two",
        90,
        "select 100 * count(*) filter (where towns <= 2) / count(*) from (select count(distinct city) as towns from ecommerce.user_address group by user_id having count(*) > 1) u",
    ),
    (
        "most of them in one",
        50,
        "select 100 * count(*) filter (where towns = 1) / count(*) from (select count(distinct city) as towns from ecommerce.user_address group by user_id having count(*) > 1) u",
    ),
    (
        "a telephone of an address in the United States, but the user's own, has an area code of its state",
        90,
        "select 100 * count(*) filter (where substring(a.phone_number from '^\\+1 (\\d+)-') = any (case code when 'TX' then '{713,281,512,214,972,210,915,806}'::text[]
               when 'CA' then '{213,310,323,619,858,415,916,559,510,408,805}' when 'NY' then '{212,646,917,718,347,716,585,518,315}' else '{305,786,813,407,904,850}' end)) / count(*)
         from ecommerce.user_address a join ecommerce.country using (country_id) join (select state_province_id, state_code as code from ecommerce.state_province) s using (state_province_id)
         join ecommerce.\"user\" u using (user_id)
         where country_code = 'US' and code in ('TX', 'CA', 'NY', 'FL') and a.phone_number <> coalesce(u.phone_number, '')",
    ),
    ("most subscriptions last", 75, "select 100 * count(*) filter (where is_subscribed) / count(*) from ecommerce.email_subscription"),
];

#[test]
fn the_shops_cells_follow_from_each_other() {
    let database = sample::shop("coherence_shop");
    // A seed with promotions of every kind in use.
    database.psql(&fill_shop(200, ", seed => 9"));
    database.psql(NATIVE);

    let broken: Vec<String> =
        SHOP.iter().map(|(what, count)| format!("{what}: {}", database.psql(count))).filter(|line| !line.ends_with(": 0")).collect();
    assert_eq!(broken, Vec::<String>::new());
    for (what, least, share) in MOSTLY {
        let share: i64 = database.psql(share).parse().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(share >= least, "{what}: {share} %");
    }
    assert_eq!(database.psql("select count(unsubscribed_at) > 0 from ecommerce.email_subscription"), "t", "some have ended");
    let free = "select count(*) > 0 from ecommerce.order_promotion join ecommerce.promotion using (promotion_id) where discount_type = 'FreeShipping'";
    assert_eq!(database.psql(free), "t", "there is something to judge");
}

/// The same under other names, without reference rows or rules.
const LADEN: [(&str, &str); 5] = [
    (
        "freight",
        r#"select count(*) from laden."SalesOrder" o join laden.versandart v on v.versandart_nr = o."CarrierServiceId"
           where o."Freight" <> v.grundpreis and o."Freight" <> 0"#,
    ),
    (
        "minimum",
        r#"select count(*) from laden."SalesOrderCoupon" c join laden."SalesOrder" o using ("SalesOrderId") join laden.aktion a on a.aktion_nr = c."CampaignId"
           where o."GoodsValue" < a.mindestwert"#,
    ),
    (
        "end of a subscription",
        "select count(*) from laden.rundbrief where (abbestellt_am is null) <> bestellt or abbestellt_am < bestellt_am",
    ),
    (
        "order numbers",
        r#"select count(*) from (select "OrderNo" collate "C" < lag("OrderNo" collate "C") over (order by "OrderedOn", "SalesOrderId") as falls
           from laden."SalesOrder") o where falls"#,
    ),
    (
        "free of freight",
        r#"select count(*) from laden."SalesOrder" o where o."Freight" <> 0 and exists (select from laden."SalesOrderCoupon" c
           join laden.aktion a on a.aktion_nr = c."CampaignId" where c."SalesOrderId" = o."SalesOrderId" and a.rabattart::text ~* 'versand|free')"#,
    ),
];

#[test]
fn so_do_those_of_the_shop_under_other_names() {
    let database = sample::schema("coherence_renamed", "tests/sql/ecommerce_renamed.sql");
    database.psql(&format!(
        r#"select from synthgen.generate('laden', rows => '{{"Client": 200, "tbl_item": 300, "SalesOrder": 500}}', as_of => '{AS_OF}')"#
    ));

    let broken: Vec<String> =
        LADEN.iter().map(|(what, count)| format!("{what}: {}", database.psql(count))).filter(|line| !line.ends_with(": 0")).collect();

    assert_eq!(broken, Vec::<String>::new());
}
