//! What the database says of its tables: read once, from the live catalog.

mod types;

pub use types::*;
