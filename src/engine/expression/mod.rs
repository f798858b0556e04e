//! SQL expressions: CHECK constraints and rule conditions, parsed, bound to the catalog and evaluated on a row.
//!
//! What is not understood is `Unsupported`, for the database to judge; never a guess.

mod bind;
mod condition;
mod evaluate;
mod parse;
#[cfg(test)]
mod path_test;
mod tree;
#[cfg(test)]
mod truth_test;

pub use bind::{BindError, Binding};
pub use condition::Condition;
pub use evaluate::{Cells, Truth};
pub use parse::{Parsed, parse};
pub use tree::{CellPath, Clock, Expression, Function, Number, Operation, Operator, Part, Test};

/// Why an expression cannot be judged here; the database can.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unsupported(pub String);

impl Unsupported {
    /// With a reason, lower case, no full stop.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}
