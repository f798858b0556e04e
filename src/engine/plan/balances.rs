//! What an account comes to by the bookings below it: what came in less what went out.
//!
//! Only where each label of the bookings' kinds says which way they go (`data/booking_words.csv`). The first booking of an
//! account comes in and covers the others, so that no account is overdrawn in the end.

use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::engine::catalog::names::quoted;
use crate::engine::catalog::{ColumnId, TableId, TypeKind};
use crate::engine::expression::{Binding, Expression, parse};
use crate::engine::plan::build::Builder;
use crate::engine::plan::children::children;
use crate::engine::plan::formulary::formulary;
use crate::engine::plan::{ColumnPlan, Source};
use crate::engine::value::Value;

/// Operands: what an account holds, what a booking moves, its kind; and those that make bookings count in ways of their own.
const BALANCE: &str = "ledger_balance";
const AMOUNT: &str = "booked_amount";
const KIND: &str = "booking_kind";
const COUNTED_OTHERWISE: [&str; 2] = ["state_word", "closing"];

/// The operands of no formula.
#[cfg(test)]
pub(super) const OPERANDS: [&str; 2] = [AMOUNT, KIND];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    In,
    Out,
}

#[derive(Debug, Deserialize)]
struct Line {
    word: String,
    way: Way,
}

fn way_of(label: &str) -> Option<Way> {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    let lines = LINES.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(include_str!("data/booking_words.csv").as_bytes());
        reader.deserialize().map(|line| line.expect("the tests read every line of this file")).collect()
    });
    let label = label.to_lowercase().replace([' ', '-'], "_");
    lines.iter().find(|line| line.word == label).map(|line| line.way)
}

/// How the rows of a table book on those they hang under.
struct Bookings {
    amount: ColumnId,
    kind: ColumnId,
    /// A label of what comes in.
    first: Value,
    /// Labels of what goes out.
    out: Vec<String>,
}

impl Bookings {
    fn find(builder: &Builder, table: TableId) -> Option<Self> {
        let operands = &formulary().operands;
        let only = |name: &str| {
            let mut found = builder.named.columns(table, operands.place(name)?);
            found.next()
        };
        if COUNTED_OTHERWISE.iter().any(|name| only(name).is_some()) {
            return None;
        }
        let (amount, kind) = (only(AMOUNT)?, only(KIND)?);
        let labels: Vec<Value> = match &builder.inputs.catalog.tables[table].columns[kind].data_type.kind {
            TypeKind::Enum { labels } => labels.iter().map(|label| Value::text(label.clone())).collect(),
            _ => builder.facts[table].columns[kind].allowed.clone()?,
        };
        let mut bookings = Self { amount, kind, first: Value::Null, out: Vec::new() };
        for label in labels {
            let Value::Text(text) = &label else { return None };
            match way_of(text)? {
                Way::Out => bookings.out.push(text.to_string()),
                Way::In if bookings.first.is_null() => bookings.first = label,
                Way::In => {}
            }
        }
        (!bookings.first.is_null() && !bookings.out.is_empty()).then_some(bookings)
    }

    /// What a booking adds, or only what it takes away, as SQL over a row.
    fn sql(&self, builder: &Builder, table: TableId, row: &str, taken_only: bool) -> String {
        let name = |column: ColumnId| format!("{row}{}", quoted(&builder.inputs.catalog.tables[table].columns[column].name));
        let labels: Vec<String> = self.out.iter().map(|label| format!("'{}'", label.replace('\'', "''"))).collect();
        let (amount, is_out) = (name(self.amount), format!("{}::text in ({})", name(self.kind), labels.join(", ")));
        if taken_only {
            format!("case when {is_out} then {amount} else 0 end")
        } else {
            format!("case when {is_out} then -{amount} else {amount} end")
        }
    }

    fn expression(&self, builder: &Builder, table: TableId, taken_only: bool) -> Option<Arc<Expression>> {
        let sql = self.sql(builder, table, "", taken_only);
        Binding::rule(&builder.inputs.catalog, table).scalar(&parse(&sql).ok()?).ok().map(Arc::new)
    }
}

/// Lets an account's balance be the sum of its bookings, and the first of these cover the others.
pub(super) fn apply(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    sum(builder, table, columns);
    cover(builder, table, columns);
}

fn sum(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let Some(operand) = formulary().operands.place(BALANCE) else { return };
    let Some(column) = builder.named.columns(table, operand).find(|&column| columns[column].is_open()) else { return };
    let found = children(builder, table).find_map(|child| {
        let bookings = Bookings::find(builder, child)?;
        let of = bookings.expression(builder, child, false)?;
        Some(Source::ChildTotal { table: child, of, sql: bookings.sql(builder, child, "c.", false) })
    });
    if let Some(source) = found {
        columns[column].source = source;
        columns[column].null_fraction = 0.0;
        columns[column].detail = "of the bookings below it".into();
    }
}

fn cover(builder: &Builder, table: TableId, columns: &mut [ColumnPlan]) {
    let owner = builder.owners[table].map(|owner| builder.inputs.catalog.tables[table].foreign_keys[owner].referenced_table);
    let summed = |planned: &ColumnPlan| matches!(planned.source, Source::ChildTotal { table: child, .. } if child == table);
    if !owner.is_some_and(|owner| owner != table && builder.tables[owner].columns.iter().any(summed)) {
        return;
    }
    let Some(bookings) = Bookings::find(builder, table) else { return };
    let Some(taken) = bookings.expression(builder, table, true) else { return };
    if !columns[bookings.amount].is_open() || !columns[bookings.kind].is_open() {
        return;
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
}
