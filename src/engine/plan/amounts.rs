//! Amounts that follow from others, found by what columns mean.

use std::sync::Arc;

use crate::engine::catalog::names::{normalise, quoted};
use crate::engine::catalog::{Catalog, Column, ColumnId, ForeignKeyId, TableId, TypeKind};
use crate::engine::expression::{Binding, parse};
use crate::engine::plan::facts::Known;
use crate::engine::plan::meanings::Meanings;
use crate::engine::plan::role::Role;
use crate::engine::plan::sale::{self, Sale};
use crate::engine::plan::{Fact, FactTarget, Pick, PickPlan, Source};
use crate::engine::value::Value;
use crate::engine::vocabulary::Symbol;

/// Words of tables whose lines are bought, not sold: they are charged what a thing costs.
const BOUGHT: [&str; 4] = ["purchase", "purchases", "procurement", "po"];

/// The meaning of a column that holds a rate of tax.
const TAX_RATE: &str = "money.tax_rate";

/// The rate of a row's country and region.
const TAX_OF_PLACE: &str = "place.tax_percent";

/// Meanings of what is charged beside the goods themselves.
const FEES: [&str; 2] = ["money.fee", "money.minor_fee"];

/// Usual rates of sales tax, where no place is known.
const TAX_RATES: [f64; 5] = [0.05, 0.07, 0.08, 0.1, 0.19];

/// The meanings of what a payment pays, and those that only payments have.
const AMOUNTS: [&str; 2] = ["money.amount", "money.minor_amount"];
const OF_PAYMENTS: [&str; 3] = ["stamp.paid", "money.payment_method", "money.provider"];

/// The meaning of a column that holds a currency, and of those that hold what was agreed on.
const CURRENCY: &str = "money.currency_code";
const PRICES: [&str; 4] = ["money.price", "money.unit_price", "money.fee", "money.hourly_rate"];

/// Rows above a row that are asked for its currency.
const MOST_HOPS: usize = 3;

/// What delivery costs.
const SHIPPING: [(&str, f64); 6] = [("0", 30.0), ("3.99", 15.0), ("4.99", 25.0), ("7.99", 15.0), ("9.99", 10.0), ("14.99", 5.0)];

/// The tables and meanings an amount is looked for in.
pub(super) struct Context<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) meanings: &'a Meanings,
    pub(super) known: &'a Known,
}

/// Whether a table's rows are payments.
pub(super) fn pays(meanings: &Meanings, table: TableId) -> bool {
    meanings.ids_of(table).flatten().any(|id| OF_PAYMENTS.contains(&id))
}

/// Whether a table's rows pay what the rows of another come to.
pub(super) fn pays_for(meanings: &Meanings, table: TableId, owner: TableId) -> bool {
    pays(meanings, table) && meanings.with_role(owner, Role::Total).is_some()
}

/// Whether a table's rows are the lines of which another's totals are the sums.
pub(super) fn adds_up_to(catalog: &Catalog, meanings: &Meanings, table: TableId, owner: TableId) -> bool {
    has_total(meanings, owner) && (meanings.with_role(table, Role::LineTotal).is_some() || is_counted_line(catalog, meanings, table))
        || is_single_line(catalog, meanings, table, owner)
}

fn has_total(meanings: &Meanings, table: TableId) -> bool {
    [Role::Subtotal, Role::Total].iter().any(|role| meanings.with_role(table, *role).is_some())
}

fn price_of(meanings: &Meanings, table: TableId) -> Option<ColumnId> {
    meanings.with_role(table, Role::UnitPrice).or_else(|| meanings.with_role(table, Role::Price))
}

/// A line without a quantity: the price of something that it names.
fn is_single_line(catalog: &Catalog, meanings: &Meanings, table: TableId, owner: TableId) -> bool {
    let names_something_priced = catalog.tables[table].foreign_keys.iter().any(|key| {
        let target = key.referenced_table;
        key.mandatory && ![table, owner].contains(&target) && price_of(meanings, target).is_some()
    });
    has_total(meanings, owner)
        && price_of(meanings, table).is_some()
        && [Role::Quantity, Role::LineTotal, Role::Total].iter().all(|role| meanings.with_role(table, *role).is_none())
        && names_something_priced
}

/// A line that says how many and for how much each, but not what they come to.
fn is_counted_line(catalog: &Catalog, meanings: &Meanings, table: TableId) -> bool {
    let whole = |column: ColumnId| matches!(catalog.tables[table].columns[column].data_type.kind, TypeKind::Integer { .. });
    price_of(meanings, table).is_some()
        && meanings.with_role(table, Role::Quantity).is_some_and(whole)
        && [Role::LineTotal, Role::Total, Role::Discount].iter().all(|role| meanings.with_role(table, *role).is_none())
}

/// Lets a table whose amounts are taxed know the rates of places.
pub(super) fn know_rates(known: &mut Known, meanings: &Meanings, table: TableId) {
    let taxed = meanings.with_role(table, Role::Tax).is_some() && meanings.with_role(table, Role::Subtotal).is_some();
    if taxed && known.column(table, Symbol::new(TAX_RATE)).is_none() {
        let _ = known.tuple_fact(table, Symbol::new(TAX_OF_PLACE));
    }
}

impl Context<'_> {
    /// The source of an amount that follows from others.
    pub(super) fn source(&self, table: TableId, column: ColumnId, picks: &[PickPlan]) -> Option<Source> {
        if let Some(whole) = self.paid_of(table, column) {
            return Some(Source::Part { of: whole, received: false });
        }
        if let Some(told) = self.as_agreed(table, column, picks) {
            return Some(Source::Copied(told));
        }
        if let Some(currency) = self.currency(table, column, picks) {
            return Some(currency);
        }
        match self.meanings.role(table, column)? {
            Role::LineTotal => self.line_total(table),
            Role::UnitPrice => self.charged_price(table, picks),
            // The price in a line is what was charged, whatever else its column's name could mean.
            Role::Price if self.meanings.with_role(table, Role::LineTotal).is_some() || self.is_line(table) => {
                self.charged_price(table, picks)
            }
            Role::Price => self.near_parent(table),
            Role::Subtotal => self.sum_of_lines(table),
            Role::Discount => self.discount(table, picks),
            Role::Tax => self.tax(table, picks),
            Role::Shipping if self.meanings.with_role(table, Role::Total).is_some() => {
                let kind = &self.catalog.tables[table].columns[column].data_type.kind;
                Some(self.delivery(table, picks).unwrap_or_else(|| shipping(kind)))
            }
            Role::Total => self.total(table),
            _ => None,
        }
    }

    /// Of a payment's amount: the total of what it hangs under.
    fn paid_of(&self, table: TableId, column: ColumnId) -> Option<Fact> {
        let owner = self.known.owners[table].filter(|_| pays(self.meanings, table))?;
        if !AMOUNTS.contains(&self.meanings.of(table, column)?.meaning.id.as_str()) {
            return None;
        }
        let parent = self.catalog.tables[table].foreign_keys[owner].referenced_table;
        let total = self.meanings.with_role(parent, Role::Total)?;
        let whole = |table: TableId, column: ColumnId| {
            matches!(self.catalog.tables[table].columns[column].data_type.kind, TypeKind::Integer { .. })
        };
        (whole(table, column) == whole(parent, total)).then(|| Fact { hops: vec![owner], target: FactTarget::Column(total) })
    }

    /// Of a deed's price or fee: what was listed under the same name by something that the row must name.
    fn as_agreed(&self, table: TableId, column: ColumnId, picks: &[PickPlan]) -> Option<Fact> {
        let id = self.meanings.of(table, column)?.meaning.id.as_str();
        if !PRICES.contains(&id) || self.meanings.with_role(table, Role::Happened).is_none() {
            return None;
        }
        let name = &self.catalog.tables[table].columns[column].name;
        let listed = |at: TableId| {
            let theirs = self.only(at, id)?;
            let alike = self.catalog.tables[at].columns[theirs].name == *name;
            (alike && self.is_told(table, column, (at, theirs)) && self.known.made[at]).then_some(theirs)
        };
        let mut named = self.named(table, picks).into_iter();
        named.find_map(|(key, at)| Some(Fact { hops: vec![key], target: FactTarget::Column(listed(at)?) }))
    }

    /// The currency of what the row must name, or of the rows above it: what is booked on an account is in its currency.
    /// Where that may be unknown, the currency of the books comes first.
    fn currency(&self, table: TableId, column: ColumnId, picks: &[PickPlan]) -> Option<Source> {
        if self.meanings.of(table, column)?.meaning.id != CURRENCY {
            return None;
        }
        let found = self.currencies_around(table, column, picks);
        let told = |fact: &&(Fact, bool)| fact.1;
        let usual = || self.usual_currency(table, column).map(|code| super::generators::choice([(Value::text(code), 1.0)].into_iter()));
        found
            .iter()
            .find(told)
            .map(|(fact, _)| Source::Copied(fact.clone()))
            .or_else(usual)
            .or_else(|| found.into_iter().next().map(|(fact, _)| Source::Copied(fact)))
    }

    /// Columns with the currency of rows that the row names, the nearest first, with whether they always tell it. Only a column
    /// of the same name, or the only one of its meaning, tells the currency of a row.
    fn currencies_around(&self, table: TableId, column: ColumnId, picks: &[PickPlan]) -> Vec<(Fact, bool)> {
        let tables = &self.catalog.tables;
        let own = &tables[table].columns[column];
        if tables[table].unique_keys.iter().any(|key| key.columns == [column]) {
            return Vec::new();
        }
        let words = normalise(&own.name);
        let alone = self.only(table, CURRENCY).is_some();
        let theirs = |at: TableId| {
            let same = |above: &Column| {
                normalise(&above.name) == words
                    && std::mem::discriminant(&above.data_type.kind) == std::mem::discriminant(&own.data_type.kind)
            };
            tables[at].columns.iter().position(same).or_else(|| self.only(at, CURRENCY).filter(|_| alone))
        };
        let mut ways: Vec<(Vec<ForeignKeyId>, TableId)> = self.named(table, picks).into_iter().map(|(key, at)| (vec![key], at)).collect();
        let (mut at, mut hops) = (table, Vec::new());
        while let Some(owner) = self.known.owners[at].filter(|_| hops.len() < MOST_HOPS) {
            hops.push(owner);
            at = tables[at].foreign_keys[owner].referenced_table;
            ways.push((hops.clone(), at));
        }
        let found = ways.into_iter().filter_map(|(hops, at)| {
            let theirs = theirs(at)?;
            let told = hops.len() == 1 && self.is_told(table, column, (at, theirs)) && self.known.made[at];
            Some((Fact { hops, target: FactTarget::Column(theirs) }, told))
        });
        found.collect()
    }

    /// The only column of a table with a meaning.
    fn only(&self, table: TableId, id: &str) -> Option<ColumnId> {
        let mut found = self.meanings.ids_of(table).enumerate().filter(|(_, found)| *found == Some(id)).map(|(column, _)| column);
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether another row's column has a value wherever the row's own must have one.
    fn is_told(&self, table: TableId, column: ColumnId, (at, theirs): (TableId, ColumnId)) -> bool {
        self.catalog.tables[at].columns[theirs].not_null || !self.catalog.tables[table].columns[column].not_null
    }

    /// What the row must name, what it hangs under first.
    fn named(&self, table: TableId, picks: &[PickPlan]) -> Vec<(ForeignKeyId, TableId)> {
        let keys = self.catalog.tables[table].foreign_keys.iter().enumerate();
        let mut named: Vec<(ForeignKeyId, TableId)> = keys
            .filter(|(key, to)| {
                to.mandatory && to.referenced_table != table && !matches!(picks[*key].pick, Pick::Nothing(_) | Pick::Later | Pick::Ring)
            })
            .map(|(key, to)| (key, to.referenced_table))
            .collect();
        named.sort_by_key(|(key, _)| self.known.owners[table] != Some(*key));
        named
    }

    /// The currency that a database keeps its books in: the default of the column.
    fn usual_currency(&self, table: TableId, column: ColumnId) -> Option<String> {
        let default = self.catalog.tables[table].columns[column].default.as_deref()?;
        let code = default.strip_prefix('\'')?.split('\'').next()?;
        (code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase())).then(|| code.to_owned())
    }

    /// The price of a variant is, or lies near, that of the thing it hangs under.
    fn near_parent(&self, table: TableId) -> Option<Source> {
        let owner = self.known.owners[table]?;
        let parent = self.catalog.tables[table].foreign_keys[owner].referenced_table;
        let price = Fact { hops: vec![owner], target: FactTarget::Column(self.meanings.with_role(parent, Role::Price)?) };
        Some(Source::OnSale(Sale { percent: self.percent_off(table, &price, parent), price, varied: true }))
    }

    /// What a line charges for one: the listed price, less what is taken off it, unless the line tells that itself.
    fn charged_price(&self, table: TableId, picks: &[PickPlan]) -> Option<Source> {
        let price = self.listed_price(table, picks)?;
        let target = self.catalog.tables[table].foreign_keys[*price.hops.first()?].referenced_table;
        let is_a_price = matches!(price.target, FactTarget::Column(column) if Some(column) == price_of(self.meanings, target));
        Some(match self.percent_off(table, &price, target).filter(|_| is_a_price) {
            Some(percent) => Source::OnSale(Sale { price, percent: Some(percent), varied: false }),
            None => Source::Copied(price),
        })
    }

    /// The per cent that are taken off a price that another row tells.
    fn percent_off(&self, table: TableId, price: &Fact, of: TableId) -> Option<Fact> {
        let percent = sale::percent_off(self.meanings, of).filter(|_| !sale::takes_off(self.meanings, table))?;
        Some(Fact { hops: price.hops.clone(), target: FactTarget::Column(percent) })
    }

    fn line_total(&self, table: TableId) -> Option<Source> {
        let price = self.meanings.with_role(table, Role::UnitPrice).or_else(|| self.meanings.with_role(table, Role::Price))?;
        Some(Source::Product(self.meanings.with_role(table, Role::Quantity)?, price))
    }

    /// The price of the most particular thing the row names: the one whose own parent the row names too.
    fn listed_price(&self, table: TableId, picks: &[PickPlan]) -> Option<Fact> {
        let keys = &self.catalog.tables[table].foreign_keys;
        let bought = normalise(&self.catalog.tables[table].name).iter().any(|word| BOUGHT.contains(&word.as_str()));
        let cost = |target: usize| self.meanings.ids_of(target).position(|id| id == Some("money.cost")).filter(|_| bought);
        let priced = |key: usize| {
            let target = keys[key].referenced_table;
            cost(target)
                .or_else(|| self.meanings.with_role(target, Role::Price))
                .or_else(|| self.meanings.with_role(target, Role::UnitPrice))
        };
        let particular = |key: usize| matches!(picks[key].pick, Pick::Within { .. });
        let key = (0..keys.len())
            .filter(|&key| priced(key).is_some() && keys[key].mandatory)
            .max_by_key(|&key| (particular(key), std::cmp::Reverse(key)))?;
        Some(Fact { hops: vec![key], target: FactTarget::Column(priced(key)?) })
    }

    /// The sum over the rows of a child table that hang under this one.
    fn sum_of(&self, table: TableId, role: Role) -> Option<Source> {
        (0..self.catalog.tables.len()).find_map(|child| {
            let owner = self.known.owners[child]?;
            let hangs_here =
                self.known.made[child] && self.catalog.tables[child].foreign_keys[owner].referenced_table == table && child != table;
            let column = self.meanings.with_role(child, role).filter(|_| hangs_here)?;
            Some(Source::ChildSum { table: child, column, less: None })
        })
    }

    /// What the lines below come to.
    fn sum_of_lines(&self, table: TableId) -> Option<Source> {
        self.sum_of(table, Role::LineTotal).or_else(|| self.sum_of_prices(table)).or_else(|| self.sum_of_products(table))
    }

    /// How many times how much, over the lines that do not say it themselves.
    fn sum_of_products(&self, table: TableId) -> Option<Source> {
        let hangs_here = |child: &TableId| {
            let owner = self.known.owners[*child].map(|owner| self.catalog.tables[*child].foreign_keys[owner].referenced_table);
            self.known.made[*child] && owner == Some(table) && *child != table && is_counted_line(self.catalog, self.meanings, *child)
        };
        let child = (0..self.catalog.tables.len()).find(hangs_here)?;
        let name = |column: Option<ColumnId>| Some(quoted(&self.catalog.tables[child].columns[column?].name));
        let (quantity, price) = (name(self.meanings.with_role(child, Role::Quantity))?, name(price_of(self.meanings, child))?);
        let of = Binding::rule(self.catalog, child).scalar(&parse(&format!("{quantity} * {price}")).ok()?).ok()?;
        Some(Source::ChildTotal { table: child, of: Arc::new(of), sql: format!("c.{quantity} * c.{price}") })
    }

    /// Whether a table's rows are one thing each of what is paid for together: they hang under a total and name something priced.
    fn is_line(&self, table: TableId) -> bool {
        let owner = self.known.owners[table].map(|owner| self.catalog.tables[table].foreign_keys[owner].referenced_table);
        owner.is_some_and(|owner| is_single_line(self.catalog, self.meanings, table, owner))
    }

    /// The sum of what is charged for each thing, less what is taken off.
    fn sum_of_prices(&self, table: TableId) -> Option<Source> {
        let line = |child: usize| {
            let owner = self.known.owners[child]?;
            let hangs_here = self.known.made[child] && self.catalog.tables[child].foreign_keys[owner].referenced_table == table;
            (hangs_here && self.is_line(child)).then_some(child)
        };
        let child = (0..self.catalog.tables.len()).find_map(line)?;
        let column = price_of(self.meanings, child)?;
        Some(Source::ChildSum { table: child, column, less: self.meanings.with_role(child, Role::Discount) })
    }

    /// Of an order: what its promotions take off. Of an order's promotion: what this one does.
    fn discount(&self, table: TableId, picks: &[PickPlan]) -> Option<Source> {
        if let Some(sum) = self.sum_of(table, Role::Discount) {
            return Some(sum);
        }
        if let Some(subtotal) = self.meanings.with_role(table, Role::Subtotal) {
            return Some(self.own_discount(table, subtotal, picks));
        }
        let keys = &self.catalog.tables[table].foreign_keys;
        let owner = self.known.owners[table]?;
        let of = self.meanings.with_role(keys[owner].referenced_table, Role::Subtotal)?;
        let promotion = (0..keys.len()).find(|&key| key != owner && !matches!(picks[key].pick, Pick::Nothing(_)));
        let told = |role: Role| {
            let key = promotion?;
            Some(Fact { hops: vec![key], target: FactTarget::Column(self.meanings.with_role(keys[key].referenced_table, role)?) })
        };
        let of = Fact { hops: vec![owner], target: FactTarget::Column(of) };
        Some(Source::Discount { of, kind: told(Role::PromotionKind), value: told(Role::PromotionValue) })
    }

    /// Of a row that names its promotion itself: what that takes off, and nothing where it names none.
    fn own_discount(&self, table: TableId, subtotal: ColumnId, picks: &[PickPlan]) -> Source {
        let keys = &self.catalog.tables[table].foreign_keys;
        let named = |key: &usize| !matches!(picks[*key].pick, Pick::Nothing(_) | Pick::Later | Pick::Ring);
        let value = |key: usize| Some((key, self.meanings.with_role(keys[key].referenced_table, Role::PromotionValue)?));
        let promotion = (0..keys.len()).filter(named).find_map(value);
        let fact = |key: usize, column: ColumnId| Fact { hops: vec![key], target: FactTarget::Column(column) };
        let kind =
            promotion.and_then(|(key, _)| Some(fact(key, self.meanings.with_role(keys[key].referenced_table, Role::PromotionKind)?)));
        let of = Fact { hops: Vec::new(), target: FactTarget::Column(subtotal) };
        Source::Discount { of, kind, value: promotion.map(|(key, column)| fact(key, column)) }
    }

    /// What the way it is sent costs, where that is a row of its own with a rate; nothing, where a promotion sends it free.
    fn delivery(&self, table: TableId, picks: &[PickPlan]) -> Option<Source> {
        let keys = &self.catalog.tables[table].foreign_keys;
        let rated = |key: &usize| {
            let rate = self.meanings.with_role(keys[*key].referenced_table, Role::Shipping)?;
            let is_list = self.meanings.with_role(keys[*key].referenced_table, Role::Total).is_none();
            is_list.then(|| Fact { hops: vec![*key], target: FactTarget::Column(rate) })
        };
        let named = |key: &usize| keys[*key].mandatory && !matches!(picks[*key].pick, Pick::Nothing(_));
        let rate = (0..keys.len()).filter(named).find_map(|key| rated(&key))?;
        Some(Source::Delivery { rate, free: self.promotions_used(table) })
    }

    /// The table of promotions that hang under this one, and where it says what kind each is.
    fn promotions_used(&self, table: TableId) -> Option<(TableId, Fact)> {
        (0..self.catalog.tables.len()).filter(|&child| self.known.made[child] && child != table).find_map(|child| {
            let keys = &self.catalog.tables[child].foreign_keys;
            let owner = self.known.owners[child].filter(|&owner| keys[owner].referenced_table == table)?;
            let kind = |key: usize| Some((key, self.meanings.with_role(keys[key].referenced_table, Role::PromotionKind)?));
            let (key, column) = (0..keys.len()).filter(|&key| key != owner).find_map(kind)?;
            Some((child, Fact { hops: vec![key], target: FactTarget::Column(column) }))
        })
    }

    /// Of what is charged: by the row's own rate, else by that of the place it is sent to.
    fn tax(&self, table: TableId, picks: &[PickPlan]) -> Option<Source> {
        let of = self.meanings.with_role(table, Role::Subtotal)?;
        let own = self.known.column(table, Symbol::new(TAX_RATE));
        let own = own.map(|column| Fact { hops: Vec::new(), target: FactTarget::Column(column) });
        let percent = own.or_else(|| self.known.find(self.catalog, table, picks, Symbol::new(TAX_OF_PLACE)));
        Some(Source::Share { of, less: self.meanings.with_role(table, Role::Discount), percent, rates: TAX_RATES.to_vec() })
    }

    /// Subtotal (or the lines themselves) plus delivery and tax, less what is taken off.
    fn total(&self, table: TableId) -> Option<Source> {
        let Some(subtotal) = self.meanings.with_role(table, Role::Subtotal) else {
            return self.sum_of_lines(table);
        };
        let mut plus = vec![subtotal];
        plus.extend(self.meanings.with_role(table, Role::Shipping));
        plus.extend(self.meanings.with_role(table, Role::Tax));
        plus.extend(FEES.iter().find_map(|fee| self.only(table, fee)));
        Some(Source::Balance { plus, minus: self.meanings.all_with_role(table, Role::Discount) })
    }
}

fn shipping(kind: &TypeKind) -> Source {
    // A column of whole numbers counts cents.
    let cents = |text: &str| if matches!(kind, TypeKind::Integer { .. }) { text.replace('.', "") } else { text.to_owned() };
    super::generators::choice(SHIPPING.iter().map(|(text, weight)| (Value::parse(kind, &cents(text)), *weight)))
}
