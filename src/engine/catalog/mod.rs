//! What the database says of its tables: read once, from the live catalog.

mod bookkeeping;
mod document;
mod kind;
mod lookup;
pub mod names;
mod reader;
mod target;
mod types;

pub use reader::{read, schemas};
pub use types::*;
