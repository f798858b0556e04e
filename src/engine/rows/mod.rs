//! Rows: every cell as a function of seed, names and the row's identity.
//!
//! `layout` holds the little that is kept per parent; `evaluate` computes a cell; `source` streams a table.

mod cell;
mod codes;
mod fanout;
mod invert;
mod layout;
mod lifecycle;
mod money;
mod pick;
mod rank;
pub mod random;
mod remember;
mod row;
mod select;
mod source;
mod stamp;
mod text;

pub use layout::{Layout, Ranking};
pub use row::{Rows, RowState};
pub use source::TableSource;
