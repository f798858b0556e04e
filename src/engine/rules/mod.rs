//! The rule document: read from JSON, bound to the catalog, every problem named at once.

mod bind;
mod bound;
mod child_count;
pub mod comment;
mod condition;
pub mod contact;
mod document;
pub mod filter;
mod fit;
mod generator;
mod merge;
mod moment;
mod node;
mod problem;
mod reader;
mod target;
pub mod template;
#[cfg(test)]
mod tests;
pub(crate) mod transliteration;

pub use bind::{check, check_with};
pub use bound::{Bound, ColumnRule, Hint, RelationRule};
pub use child_count::{ChildCount, ChildDistribution};
pub use document::{Document, Relation, Rule, Strength};
pub use merge::merge;
pub use problem::{Problem, Severity, refusal};
