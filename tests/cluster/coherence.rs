//! What no constraint demands and every reader expects: cells that follow from each other. Judged by plain SQL, on the
//! sample and on the shop under other names.

use crate::support::sample::{self, AS_OF, fill_shop};

/// What is counted and must be 0.
const SHOP: [(&str, &str); 7] = [
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
        "a currency that nobody is given is not used",
        r#"select count(*) from ecommerce."order" join ecommerce.currency using (currency_id) where currency_code in ('JPY', 'NOK', 'DKK')"#,
    ),
    (
        "discounts are what promotions take off",
        r#"select count(*) from ecommerce."order" o where discount_amount <> (select coalesce(sum(p.discount_amount), 0)
           from ecommerce.order_promotion p where p.order_id = o.order_id)"#,
    ),
];

/// Shares in per cent, and the least of each.
const MOSTLY: [(&str, i64, &str); 3] = [
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
    ("most subscriptions last", 75, "select 100 * count(*) filter (where is_subscribed) / count(*) from ecommerce.email_subscription"),
];

#[test]
fn the_shops_cells_follow_from_each_other() {
    let database = sample::shop("coherence_shop");
    database.psql(&fill_shop(200, ""));

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
