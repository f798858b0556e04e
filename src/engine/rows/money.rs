//! Amounts that follow from others: products, sums over children, balances, shares. Exact decimals throughout.

use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::expression::Expression;
use crate::engine::plan::sale::Sale;
use crate::engine::plan::{DiscountKind, Fact, FactTarget, OwnerKind, RowIndex};
use crate::engine::rows::cell::bounded;
use crate::engine::rows::random::Draws;
use crate::engine::rows::row::Rows;
use crate::engine::rows::text::shown;
use crate::engine::value::{Decimal, Value};

/// Share of rows that take nothing off, where nothing says why they should.
const FULL_PRICE: f64 = 0.78;

/// Most of an amount that one discount takes off.
const MOST_DISCOUNT: f64 = 0.4;

/// Share of variants that cost what the thing itself does, and between what parts of that the others lie.
const AS_LISTED: f64 = 0.6;
const VARIED: (f64, f64) = (0.88, 1.2);

/// From this many siblings on what they come to one after the other is remembered: each of them asks for it.
const MANY_SIBLINGS: u64 = 16;

impl Rows<'_> {
    pub(super) fn product(&mut self, table: TableId, index: RowIndex, left: ColumnId, right: ColumnId) -> Value {
        let (left, right) = (self.known(table, index, left).as_decimal(), self.known(table, index, right).as_decimal());
        left.zip(right).and_then(|(left, right)| left.checked_mul(right)).map_or(Value::Null, Value::Decimal)
    }

    /// The sum of a column over the children that hang under a row; 0 where there is none.
    pub(super) fn child_sum(&mut self, table: TableId, index: RowIndex, child: TableId, column: ColumnId, less: Option<ColumnId>) -> Value {
        let plan = self.plan;
        let mut sum = Decimal { units: 0, scale: 2 };
        let Some(owner) = &plan.tables[child].owner else { return Value::Decimal(sum) };
        let OwnerKind::ForeignKey(key) = owner.kind else { return Value::Decimal(sum) };
        debug_assert_eq!(owner.table, table);
        let group = self.group(child, key, index);
        for place in 0..group.len() {
            let row = self.member(child, group, place);
            if let Some(amount) = self.known(child, row, column).as_decimal() {
                sum = sum.checked_add(amount).unwrap_or(sum);
            }
            if let Some(amount) = less.and_then(|less| self.known(child, row, less).as_decimal()) {
                sum = sum.checked_sub(amount).unwrap_or(sum);
            }
        }
        Value::Decimal(sum)
    }

    /// The sum of what an expression gives over the children that hang under a row.
    pub(super) fn child_total(&mut self, table: TableId, index: RowIndex, child: TableId, of: &Expression) -> Value {
        let mut sum = Decimal { units: 0, scale: 2 };
        let Some(OwnerKind::ForeignKey(key)) = self.plan.tables[child].owner.as_ref().map(|owner| owner.kind.clone()) else {
            return Value::Decimal(sum);
        };
        debug_assert_eq!(self.plan.tables[child].owner.as_ref().map(|owner| owner.table), Some(table));
        let group = self.group(child, key, index);
        for place in 0..group.len() {
            let row = self.member(child, group, place);
            sum = self.computed(child, row, of).as_decimal().and_then(|amount| sum.checked_add(amount)).unwrap_or(sum);
        }
        Value::Decimal(sum)
    }

    /// A row's own number with what its siblings take away.
    pub(super) fn covering(&mut self, table: TableId, index: RowIndex, own: &Value, of: &Expression) -> Value {
        let Some(OwnerKind::ForeignKey(key)) = self.plan.tables[table].owner.as_ref().map(|owner| owner.kind.clone()) else {
            return own.clone();
        };
        let (Some(mut sum), Some(owner)) = (own.as_decimal(), self.state(table, index).owner) else { return own.clone() };
        let group = self.group(table, key, owner);
        for place in 0..group.len() {
            let row = self.member(table, group, place);
            if row != index {
                sum = self.computed(table, row, of).as_decimal().and_then(|amount| sum.checked_add(amount)).unwrap_or(sum);
            }
        }
        Value::Decimal(sum)
    }

    /// The sum of what an expression gives over a row's siblings up to it, in the order in which they came.
    pub(super) fn running(&mut self, table: TableId, index: RowIndex, of: &Expression) -> Value {
        let zero = Decimal { units: 0, scale: 2 };
        let Some(OwnerKind::ForeignKey(key)) = self.plan.tables[table].owner.as_ref().map(|owner| owner.kind.clone()) else {
            return Value::Null;
        };
        let Some(owner) = self.state(table, index).owner else { return Value::Null };
        let group = self.group(table, key, owner);
        let many = group.len() >= MANY_SIBLINGS;
        if let Some(sums) = self.running_sums[table].get(&owner).filter(|_| many) {
            let upto = sums.partition_point(|(row, _)| *row <= index);
            return Value::Decimal(upto.checked_sub(1).map_or(zero, |last| sums[last].1));
        }
        let mut rows: Vec<RowIndex> = (0..group.len()).map(|place| self.member(table, group, place)).collect();
        rows.retain(|&row| many || row <= index);
        rows.sort_unstable();
        let (mut sum, mut sums) = (zero, Vec::new());
        let mut found = zero;
        for row in rows {
            sum = self.computed(table, row, of).as_decimal().and_then(|amount| sum.checked_add(amount)).unwrap_or(sum);
            if row <= index {
                found = sum;
            }
            if many {
                sums.push((row, sum));
            }
        }
        if many {
            self.running_sums[table].insert(owner, sums);
        }
        Value::Decimal(found)
    }

    /// How many rows of a child table hang under a row.
    pub(super) fn child_count(&mut self, table: TableId, index: RowIndex, child: TableId) -> u64 {
        let Some(owner) = &self.plan.tables[child].owner else { return 0 };
        let OwnerKind::ForeignKey(key) = owner.kind else { return 0 };
        debug_assert_eq!(owner.table, table);
        self.group(child, key, index).len()
    }

    pub(super) fn balance(&mut self, table: TableId, index: RowIndex, plus: &[ColumnId], minus: &[ColumnId]) -> Value {
        let mut sum = Decimal { units: 0, scale: 0 };
        for &column in plus {
            let amount = self.known(table, index, column).as_decimal();
            sum = amount.and_then(|amount| sum.checked_add(amount)).unwrap_or(sum);
        }
        for &column in minus {
            let amount = self.known(table, index, column).as_decimal();
            sum = amount.and_then(|amount| sum.checked_sub(amount)).unwrap_or(sum);
        }
        Value::Decimal(sum)
    }

    /// A rate that a fact gives, as a share: 19 and 0.19 are the same.
    pub(super) fn percentage(&mut self, table: TableId, index: RowIndex, fact: &Fact) -> Option<f64> {
        let rate = match self.fact(table, index, fact) {
            Value::Text(text) => text.parse().ok()?,
            value => value.as_f64()?,
        };
        Some(if rate < 1.0 { rate } else { rate / 100.0 })
    }

    /// What a thing is sold for: what is listed or about that, less what is taken off it.
    pub(super) fn on_sale(&mut self, table: TableId, index: RowIndex, kind: &TypeKind, sale: &Sale, draws: &mut Draws) -> Value {
        let Some(listed) = self.fact(table, index, &sale.price).as_f64() else { return Value::Null };
        let as_listed = !sale.varied || draws.unit() < AS_LISTED;
        let (low, high) = (listed * VARIED.0, listed * VARIED.1);
        let price = if as_listed { listed } else { ended(low + draws.unit() * (high - low), low, high, draws) };
        let off = sale.percent.as_ref().and_then(|percent| self.percentage(table, index, percent)).unwrap_or(0.0);
        number(kind, price * (1.0 - off.clamp(0.0, 1.0)))
    }

    pub(super) fn share(&mut self, table: TableId, index: RowIndex, of: ColumnId, less: Option<ColumnId>, rate: f64) -> Value {
        let whole = self.known(table, index, of).as_f64().unwrap_or(0.0);
        let less = less.and_then(|column| self.known(table, index, column).as_f64()).unwrap_or(0.0);
        number(&TypeKind::Numeric { precision: None, scale: Some(2) }, (whole - less).max(0.0) * rate)
    }

    /// What a promotion takes off its owner's amount: a percentage, a fixed sum, or nothing (free shipping).
    pub(super) fn discount(
        &mut self,
        table: TableId,
        index: RowIndex,
        of: &Fact,
        kind: Option<&Fact>,
        value: Option<&Fact>,
        draws: &mut Draws,
    ) -> Value {
        let whole = self.fact(table, index, of).as_f64().unwrap_or(0.0);
        // Off the row's own amount; else each of the siblings takes its part.
        let own = of.hops.is_empty();
        let siblings = if own { 1.0 } else { self.siblings(table, index).max(1) as f64 };
        let most = whole * MOST_DISCOUNT / siblings;
        let kind = kind.and_then(|fact| shown(&self.fact(table, index, fact))).map_or(DiscountKind::Share, |kind| DiscountKind::of(&kind));
        let told = value.is_some();
        let value = value.and_then(|fact| self.fact(table, index, fact).as_f64());
        let amount = match (kind, value) {
            (DiscountKind::Delivery, _) => 0.0,
            (_, None) if own && (told || draws.unit() < FULL_PRICE) => 0.0,
            // Promotions speak of whole units of a currency, columns of whole numbers of cents.
            (DiscountKind::Amount, Some(value)) if own && self.is_whole(table, of) => value * 100.0,
            (DiscountKind::Amount, Some(value)) => value,
            (_, Some(value)) => whole * value / 100.0,
            (_, None) => whole * [0.05, 0.1, 0.15, 0.2][draws.below(4) as usize],
        };
        number(&TypeKind::Numeric { precision: None, scale: Some(2) }, amount.min(libm::floor(most * 100.0) / 100.0).max(0.0))
    }

    /// Whether a row's own column holds whole numbers.
    fn is_whole(&self, table: TableId, of: &Fact) -> bool {
        match of.target {
            FactTarget::Column(column) => matches!(self.plan.tables[table].columns[column].kind, TypeKind::Integer { .. }),
            _ => false,
        }
    }

    /// An even part of an amount for each sibling, the last with what is left.
    pub(super) fn instalment(&mut self, table: TableId, index: RowIndex, kind: &TypeKind, of: &Fact) -> Value {
        let whole = self.fact(table, index, of).as_f64().unwrap_or(0.0);
        let siblings = self.siblings(table, index).max(1);
        let unit = match kind {
            TypeKind::Integer { .. } => 1.0,
            _ => 0.01,
        };
        let even = libm::floor(whole / siblings as f64 / unit) * unit;
        let is_last = self.state(table, index).ordinal + 1 >= siblings;
        number(kind, if is_last { whole - even * (siblings - 1) as f64 } else { even })
    }

    /// What delivery costs: the rate of the way it is sent, nothing where a promotion says so.
    pub(super) fn delivery(&mut self, table: TableId, index: RowIndex, rate: &Fact, free: Option<&(TableId, Fact)>) -> Value {
        let plan = self.plan;
        if let Some((child, kind)) = free
            && let Some(owner) = &plan.tables[*child].owner
            && let OwnerKind::ForeignKey(key) = owner.kind
        {
            let group = self.group(*child, key, index);
            for place in 0..group.len() {
                let row = self.member(*child, group, place);
                let kind = shown(&self.fact(*child, row, kind)).map(|kind| DiscountKind::of(&kind));
                if kind == Some(DiscountKind::Delivery) {
                    return Value::Decimal(Decimal { units: 0, scale: 2 });
                }
            }
        }
        self.fact(table, index, rate)
    }

    pub(super) fn siblings(&mut self, table: TableId, index: RowIndex) -> u64 {
        let Some(owner) = self.state(table, index).owner else { return 1 };
        self.layouts[table].fan_out.as_ref().map_or(1, |sums| {
            let slots = sums.children_of(owner);
            slots.end - slots.start
        })
    }

    /// An amount between two facts: on a grid, or ending as prices do where there is none.
    pub(super) fn band(&mut self, table: TableId, index: RowIndex, band: (&Fact, &Fact), step: f64, draws: &mut Draws) -> Value {
        let (low, high) = (number_of(&self.fact(table, index, band.0)), number_of(&self.fact(table, index, band.1)));
        match (low, high) {
            (Some(low), Some(high)) if step > 0.0 && low > 0.0 => {
                let amount = libm::exp(libm::log(low) + draws.unit() * libm::log(high.max(low) / low));
                number(&TypeKind::Numeric { precision: None, scale: Some(2) }, libm::round(amount / step) * step)
            }
            // A salary is no price: where no job tells its band, others must say it.
            (None, _) | (_, None) if step > 0.0 => Value::Null,
            _ => price_between(low, high, draws),
        }
    }

    /// A price in the band of one of the things in the row's list.
    pub(super) fn in_any_band(&mut self, table: TableId, index: RowIndex, column: ColumnId, draws: &mut Draws) -> Value {
        let bands = self.bands(table, index, column);
        let band = bands.get(draws.below(bands.len().max(1) as u64) as usize);
        price_between(band.map(|band| band.0), band.map(|band| band.1), draws)
    }

    /// A log-normal price for which the row's list has a thing.
    pub(super) fn priced(
        &mut self,
        table: TableId,
        index: RowIndex,
        column: ColumnId,
        shape: (f64, f64, f64, f64),
        draws: &mut Draws,
    ) -> Value {
        let plan = self.plan;
        let (median, sigma, min, max) = shape;
        let kind = &plan.tables[table].columns[column].kind;
        let mut drawn = || bounded(min, max, || median * libm::exp(sigma * draws.normal()));
        let bands = self.bands(table, index, column);
        let fits = |price: f64| bands.is_empty() || bands.iter().any(|(low, high)| (*low..=*high).contains(&price));
        let mut price = drawn();
        for _ in 0..PRICES_TRIED {
            if fits(price) {
                break;
            }
            price = drawn();
        }
        let band = nearest(&bands, price).map_or((min, max), |(low, high)| (low.max(min), high.min(max)));
        let (low, high) = if band.0 <= band.1 { band } else { (min, max) };
        number(kind, ended(price.clamp(low, high), low, high, draws))
    }
}

/// A price between two bounds, log-uniform.
fn price_between(low: Option<f64>, high: Option<f64>, draws: &mut Draws) -> Value {
    let low = low.unwrap_or(5.0).max(0.5);
    let high = high.unwrap_or(100.0).max(low);
    let price = libm::exp(libm::log(low) + draws.unit() * libm::log(high / low));
    number(&TypeKind::Numeric { precision: None, scale: Some(2) }, ended(price, low, high, draws))
}

/// Prices drawn before the nearest band is taken.
const PRICES_TRIED: u32 = 24;

/// The band that holds a price, else the one that begins or ends nearest to it.
fn nearest(bands: &[(f64, f64)], price: f64) -> Option<(f64, f64)> {
    let distance = |(low, high): &(f64, f64)| (low - price).max(price - high).max(0.0);
    bands.iter().copied().min_by(|left, right| distance(left).total_cmp(&distance(right)))
}

/// A price with an ending that shops use, inside its bounds wherever one lies there.
fn ended(price: f64, low: f64, high: f64, draws: &mut Draws) -> f64 {
    let first = draws.below(6) as usize;
    let whole = libm::floor(price);
    let endings = [0.99, 0.99, 0.99, 0.95, 0.49, 0.0];
    let mut tried =
        (0..endings.len()).flat_map(|step| [whole, whole - 1.0, whole + 1.0].map(|whole| whole + endings[(first + step) % endings.len()]));
    let found = tried.find(|price| *price >= low && *price <= high);
    found.unwrap_or_else(|| price.clamp(low, high))
}

fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Text(text) => text.parse().ok(),
        other => other.as_f64(),
    }
}

/// A number as a column's type stores it.
pub(super) fn number(kind: &TypeKind, number: f64) -> Value {
    match kind {
        TypeKind::Integer { .. } => Value::Int(libm::round(number) as i64),
        TypeKind::Float { .. } => Value::Float(libm::round(number * 1e6) / 1e6),
        TypeKind::Numeric { scale, .. } => {
            let scale = scale.unwrap_or(2).clamp(0, 12) as u8;
            Decimal::from_f64(number, scale).map_or(Value::Null, Value::Decimal)
        }
        TypeKind::Money => Decimal::from_f64(number, 2).map_or(Value::Null, Value::Decimal),
        TypeKind::Boolean => Value::Bool(number >= 0.5),
        _ if (libm::trunc(number) - number).abs() < f64::EPSILON => Value::text((number as i64).to_string()),
        _ => Value::text(format!("{number:.2}")),
    }
}
