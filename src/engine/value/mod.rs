//! One cell's value, as the engine computes with it: its arithmetic, its order, its texts.
//!
//! `parse` and `text` speak PostgreSQL's text form under ISO and UTC, `copy` its COPY form;
//! `fit` turns a value into what the column would store.

mod calendar;
mod copy;
mod decimal;
mod digits;
mod fit;
mod float;
mod order;
mod parse;
mod repertoire;
mod text;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use calendar::{Civil, add_months, civil_from_days, days_from_civil};
pub use decimal::{Decimal, MAX_SCALE};
pub use repertoire::Repertoire;

/// Microseconds in a day.
pub const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A cell's value. Times count from 2000-01-01 00:00 UTC, as PostgreSQL's own do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// boolean.
    Bool(bool),
    /// smallint, integer, bigint, oid.
    Int(i64),
    /// numeric, money: `units / 10^scale`.
    Decimal(Decimal),
    /// real, double precision.
    Float(#[serde(with = "float")] f64),
    /// text in any of its types, enums, and every type the engine only knows by its text form.
    Text(Arc<str>),
    /// date: days since 2000-01-01.
    Date(i32),
    /// timestamp and timestamptz: microseconds since 2000-01-01 (UTC).
    Stamp(i64),
    /// time of day: microseconds since midnight.
    Time(i64),
    /// uuid.
    Uuid(u128),
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Whether it is SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}
