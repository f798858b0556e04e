//! What the database says of its tables: read once, from the live catalog.

mod bookkeeping;
mod document;
mod kind;
mod lookup;
pub mod names;
mod reader;
mod spelling;
mod target;
mod types;

pub use reader::{read, schemas};
pub use spelling::{spelling, spellings};
pub use types::*;
