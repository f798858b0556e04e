//! One cell's value, as the engine computes with it.

use std::sync::Arc;

/// Microseconds in a day.
pub const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A cell's value. Times count from 2000-01-01 00:00 UTC, as PostgreSQL's own do.
#[derive(Debug, Clone, PartialEq)]
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
    Float(f64),
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

/// An exact decimal number: `units / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// The number times `10^scale`.
    pub units: i128,
    /// Digits after the point.
    pub scale: u8,
}
