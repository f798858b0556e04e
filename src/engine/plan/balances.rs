//! What an account comes to by the bookings below it, and a stock by its movements: what came in less what went out.
//!
//! Only where each label of the bookings' kinds says which way they go (`data/booking_words.csv`, `data/movement_words.csv`). The
//! first booking of an account comes with it and covers the others, so that no account is overdrawn.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::engine::catalog::names::quoted;
use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::expression::{Binding, Expression, parse};
use crate::engine::plan::build::Builder;
use crate::engine::plan::children::children;
use crate::engine::plan::formulary::{formulary, lines};
use crate::engine::plan::{ColumnPlan, Source};
use crate::engine::value::Value;

/// What is booked: how its columns are called, and which words say which way it goes.
struct Trade {
    /// What is held.
    held: &'static str,
    /// What came in, where that is told apart.
    gross: &'static str,
    /// What a booking moves, and its kind.
    amount: &'static str,
    kind: &'static str,
    /// What is held once the booking is there.
    after: &'static str,
    /// Columns that make bookings count in ways of their own.
    otherwise: [&'static str; 2],
    words: &'static str,
}

const TRADES: [Trade; 2] = [
    Trade {
        held: "ledger_balance",
        gross: "booked_in",
        amount: "booked_amount",
        kind: "booking_kind",
        after: "closing",
        otherwise: ["state_word", "opening"],
        words: include_str!("data/booking_words.csv"),
    },
    Trade {
        held: "stock_held",
        gross: "stock_received",
        amount: "moved_quantity",
        kind: "movement_kind",
        after: "stock_after",
        otherwise: ["state_word", "stock_before"],
        words: include_str!("data/movement_words.csv"),
    },
];

/// Median and deviation of the logarithm of what one movement moves, and the most.
const MOVED: (f64, f64) = (14.0, 0.9);
const MOST_MOVED: f64 = 400.0;

/// The operands of no formula.
#[cfg(test)]
pub(super) const OPERANDS: [&str; 6] = ["booked_in", "booked_amount", "booking_kind", "stock_held", "stock_received", "moved_quantity"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    In,
    Out,
    Either,
}

#[derive(Debug, Deserialize)]
struct Line {
    word: String,
    way: Way,
}

fn way_of(words: &'static str, label: &str) -> Option<Way> {
    static LINES: OnceLock<HashMap<&'static str, HashMap<String, Way>>> = OnceLock::new();
    let read = |words: &'static str| lines::<Line>(words).map(|line| (line.word, line.way)).collect();
    let lines = LINES.get_or_init(|| TRADES.iter().map(|trade| (trade.words, read(trade.words))).collect());
    lines[words].get(&label.to_lowercase().replace([' ', '-'], "_")).copied()
}

/// How the rows of a table book on those they hang under.
struct Bookings {
    trade: &'static Trade,
    amount: ColumnId,
    kind: ColumnId,
    /// What is held afterwards.
    after: Option<ColumnId>,
    /// A label of what comes in.
    first: Value,
    /// Labels of what goes out, and of what goes either way.
    out: Vec<Value>,
    either: Vec<Value>,
    /// What goes out is below zero.
    signed: bool,
}

impl Bookings {
    fn find(builder: &Builder, table: TableId) -> Option<Self> {
        TRADES.iter().find_map(|trade| Self::of(builder, table, trade))
    }

    fn of(builder: &Builder, table: TableId, trade: &'static Trade) -> Option<Self> {
        let only = |name: &str| only(builder, table, name);
        if trade.otherwise.iter().any(|name| only(name).is_some()) {
            return None;
        }
        let (amount, kind) = (only(trade.amount)?, only(trade.kind)?);
        let labels: Vec<Value> = match &builder.inputs.catalog.tables[table].columns[kind].data_type.kind {
            TypeKind::Enum { labels } => labels.iter().map(|label| Value::text(label.clone())).collect(),
            _ => builder.facts[table].columns[kind].allowed.clone()?,
        };
        let least =
            builder.facts[table].columns[amount].number_bounds(&builder.inputs.catalog.tables[table].columns[amount].data_type.kind).0;
        let after = only(trade.after);
        let mut bookings = Self {
            trade,
            amount,
            kind,
            after,
            first: Value::Null,
            out: Vec::new(),
            either: Vec::new(),
            // Money is booked by its kind; of goods what leaves is taken off, where the column takes that.
            signed: trade.words == TRADES[1].words && least.is_none_or(|least| least < 0.0) && after.is_none(),
        };
        for label in labels {
            let Value::Text(text) = &label else { return None };
            match way_of(trade.words, text)? {
                Way::Out => bookings.out.push(label),
                Way::Either => bookings.either.push(label),
                Way::In if bookings.first.is_null() => bookings.first = label,
                Way::In => {}
            }
        }
        (!bookings.first.is_null() && !bookings.out.is_empty()).then_some(bookings)
    }

    /// A part of what a booking moves, as SQL over a row.
    fn sql(&self, builder: &Builder, table: TableId, row: &str, part: Moved) -> String {
        let name = |column: ColumnId| format!("{row}{}", quoted(&builder.inputs.catalog.tables[table].columns[column].name));
        let amount = name(self.amount);
        let is_out = if self.signed {
            format!("{amount} < 0")
        } else {
            let quoted = |label: &Value| label.to_string().replace('\'', "''");
            let labels: Vec<String> = self.out.iter().map(|label| format!("'{}'", quoted(label))).collect();
            format!("{}::text in ({})", name(self.kind), labels.join(", "))
        };
        match part {
            Moved::Net if self.signed => amount,
            Moved::Net => format!("case when {is_out} then -{amount} else {amount} end"),
            Moved::In => format!("case when {is_out} then 0 else {amount} end"),
            Moved::Out if self.signed => format!("case when {is_out} then -{amount} else 0 end"),
            Moved::Out => format!("case when {is_out} then {amount} else 0 end"),
        }
    }

    fn expression(&self, builder: &Builder, table: TableId, part: Moved) -> Option<Arc<Expression>> {
        let sql = self.sql(builder, table, "", part);
        Binding::rule(&builder.inputs.catalog, table).scalar(&parse(&sql).ok()?).ok().map(Arc::new)
    }
}

/// What of a booking is counted.
#[derive(Debug, Clone, Copy)]
enum Moved {
    Net,
    In,
    Out,
}

/// The best column of an operand.
fn only(builder: &Builder, table: TableId, name: &str) -> Option<ColumnId> {
    builder.named.columns(table, formulary().operands.place(name)?).next()
}

/// Lets an account's balance be the sum of its bookings, and the first of these cover the others.
pub(super) fn apply(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    sum(builder, table, columns);
    if let Some(bookings) = Bookings::find(builder, table) {
        sign(&bookings, columns);
        cover(builder, table, &bookings, columns);
    }
}

fn sum(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let found = children(builder, table).find_map(|child| Some((child, Bookings::find(builder, child)?)));
    let Some((child, bookings)) = found else { return };
    let held = only(builder, table, bookings.trade.held).filter(|&column| columns[column].is_open());
    let Some(held) = held else { return };
    let gross = only(builder, table, bookings.trade.gross).filter(|&column| column != held && columns[column].is_open());
    // What must be more than nothing needs a booking.
    let needs_one = [Some(held), gross].into_iter().flatten().any(|column| least(&columns[column]) > Some(0.0));
    if needs_one && !builder.may_all_have_one(table, child) {
        return;
    }
    for (column, part) in [(Some(held), Moved::Net), (gross, Moved::In)] {
        let (Some(column), Some(of)) = (column, bookings.expression(builder, child, part)) else { continue };
        columns[column].source = Source::ChildTotal { table: child, of, sql: bookings.sql(builder, child, "c.", part) };
        columns[column].null_fraction = 0.0;
        columns[column].detail = "of the bookings below it".into();
    }
}

/// Whether rows of a table book on those of another, which sum them.
pub(super) fn books(builder: &Builder, table: TableId, owner: TableId) -> bool {
    let summed = |planned: &ColumnPlan| matches!(planned.source, Source::ChildTotal { table: child, .. } if child == table);
    builder.tables[owner].columns.iter().any(summed) && Bookings::find(builder, table).is_some()
}

fn least(planned: &ColumnPlan) -> Option<f64> {
    planned.domain.number_bounds(&planned.kind).0
}

/// Lets what goes out be below zero.
fn sign(bookings: &Bookings, columns: &mut [ColumnPlan]) {
    let planned = &mut columns[bookings.amount];
    if bookings.signed && planned.is_open() {
        let inner = Box::new(std::mem::replace(&mut planned.source, Source::Database));
        planned.source = Source::Signed { inner, kind: bookings.kind, out: bookings.out.clone(), either: bookings.either.clone() };
        planned.detail = format!("{}; below zero where it leaves", planned.detail);
    }
}

/// Goods are moved by the dozen, in whole pieces.
fn moved(guess: Source, most: Option<f64>) -> Source {
    if let Source::Signed { inner, kind, out, either } = guess {
        return Source::Signed { inner: Box::new(moved(*inner, most)), kind, out, either };
    }
    let (median, sigma) = MOVED;
    let max = most.map_or(MOST_MOVED, |most| most.min(MOST_MOVED));
    Source::Rounded { inner: Box::new(Source::Lognormal { median, sigma, min: 1.0, max }), step: 1.0 }
}

fn cover(builder: &Builder, table: TableId, bookings: &Bookings, columns: &mut [ColumnPlan]) {
    let owner = builder.owners[table].map(|owner| builder.inputs.catalog.tables[table].foreign_keys[owner].referenced_table);
    let Some(owner) = owner.filter(|&owner| owner != table && !builder.reowned.contains_key(&table)) else { return };
    let after = bookings.after.filter(|&after| columns[after].is_open());
    let summed = |planned: &ColumnPlan| matches!(planned.source, Source::ChildTotal { table: child, .. } if child == table);
    if !builder.tables[owner].columns.iter().any(summed) && after.is_none() {
        return;
    }
    let (Some(taken), Some(net)) = (bookings.expression(builder, table, Moved::Out), bookings.expression(builder, table, Moved::Net))
    else {
        return;
    };
    let open = |planned: &ColumnPlan| planned.is_open() || matches!(planned.source, Source::Signed { .. });
    if !open(&columns[bookings.amount]) || !columns[bookings.kind].is_open() {
        return;
    }
    let amount = &mut columns[bookings.amount];
    if bookings.trade.words == TRADES[1].words {
        amount.source = moved(std::mem::replace(&mut amount.source, Source::Database), amount.domain.number_bounds(&amount.kind).1);
    }
    for column in [bookings.amount, bookings.kind] {
        let planned = &mut columns[column];
        let inner = Box::new(std::mem::replace(&mut planned.source, Source::Database));
        planned.null_fraction = 0.0;
        planned.source = if column == bookings.amount {
            Source::Covering { inner, of: Arc::clone(&taken) }
        } else {
            Source::FirstOf { first: bookings.first.clone(), inner }
        };
        planned.detail = format!("{}; the first of an account comes in and covers the others", planned.detail);
    }
    if let Some(after) = after {
        let row = bookings.sql(builder, table, "c.", Moved::Net);
        columns[after].source = Source::Running { of: net, sql: row };
        columns[after].null_fraction = 0.0;
        columns[after].detail = "what the bookings up to this one come to".into();
    }
}
