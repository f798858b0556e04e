//! Rows: every cell as a function of seed, names and the row's identity.
//!
//! `layout` holds the little that is kept per parent; `evaluate` computes a cell; `source` streams a table.

mod cell;
mod codes;
mod fanout;
mod group;
mod invert;
mod layout;
mod lifecycle;
mod lists;
mod money;
mod pick;
pub mod random;
mod rank;
mod remember;
mod row;
mod select;
mod source;
mod stamp;
mod text;
mod written;

pub(crate) use lifecycle::LEFT;

pub use layout::{Layout, Ranking};
pub use row::{RowState, Rows};
pub use source::TableSource;
pub use written::{Composition, Piece, Written};
