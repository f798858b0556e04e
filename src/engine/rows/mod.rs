//! Rows: every cell as a function of seed, names and the row's identity.
//!
//! `layout` holds the little that is kept per parent; `evaluate` computes a cell; `source` streams a table.

mod absent;
mod assembly;
mod carried;
mod cell;
mod codes;
mod condition;
mod derived;
mod disjoint;
mod extend;
mod fanout;
mod group;
mod invert;
mod kept;
mod layout;
mod leaf;
mod learned;
mod lifecycle;
mod lists;
mod member;
mod mend;
mod money;
mod ordinal;
mod periods;
mod pick;
pub mod random;
mod rank;
mod remember;
mod ring;
mod row;
mod select;
mod sent;
mod shape;
mod shaping;
mod share;
mod sibling;
mod source;
mod stamp;
mod steady;
mod suit;
mod text;
mod told;
mod turn;
mod valid;
mod written;

pub(crate) use extend::EXTENDED;
pub use learned::Learned;
pub(crate) use lifecycle::LEFT;
pub(crate) use remember::{BARE, LAST_RESORT};

pub use layout::{Layout, Ranking};
pub use row::{RowState, Rows};
pub use source::TableSource;
pub use written::{Composition, Piece, Written};
