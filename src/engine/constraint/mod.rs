//! Constraints to facts: what each column may hold, and what is left to test on a row or to ask the database.

mod atom;
mod domain;
mod facts;

pub use domain::{Bound, ColumnDomain};
pub use facts::{CheckFact, TableFacts, Verdict, facts};
