//! Reference rows: a CSV file of sections, read, bound to the catalog's tables, and resolved to rows to insert.

mod default;
mod document;
mod foreign;
mod key;
mod layout;
mod mapping;
mod note;
mod parse;
mod problem;
mod resolve;
mod rows;
#[cfg(test)]
mod tests;
mod title;

pub use default::constant_default;
pub use document::{Reference, Row, Section};
pub use note::Note;
pub use parse::parse;
pub use problem::{Problem, refusal};
pub use resolve::{Matched, Resolved, ResolvedTable, Stored, resolve};
