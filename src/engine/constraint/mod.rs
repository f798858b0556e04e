//! What a table's constraints say of its columns: CHECKs, domains and types as per-column domains and an order
//! between columns, and a verdict on each CHECK.
//!
//! Values drawn inside the domains, as stored, satisfy every CHECK that is `Proved`.

mod absorb;
mod bound;
mod capacity;
mod domain;
mod facts;
#[cfg(test)]
mod facts_test;
mod joint;
mod nearest;
mod pattern;
mod shape;
mod subject;
mod truths;

pub use bound::{Bound, ClockBound};
pub use domain::{ColumnDomain, LetterCase};
pub use facts::{CheckFact, Comparison, Contradiction, TableFacts, Verdict, facts};
pub use pattern::Pattern;
pub use shape::{CellShape, Shape, ShapeColumn, shape_columns, shapes};
