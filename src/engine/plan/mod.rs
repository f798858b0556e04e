//! From catalog, rules and reference rows to a plan: which tables, how many rows, what makes each cell.
//!
//! A plan is data: it can be printed, explained and executed; it holds no row that it will make.

mod amounts;
mod build;
mod by_meaning;
mod children;
mod clock_times;
mod columns;
mod cycle;
mod deeds;
mod derived;
mod discount;
mod engines;
mod entered;
mod exclusions;
mod facts;
mod family;
mod flagged;
mod formulary;
mod formulas;
mod generators;
mod home;
mod inputs;
mod invariants;
mod kin;
mod labels;
mod lifecycles;
mod meanings;
mod memberships;
mod mentions;
mod natives;
mod needs;
mod operands;
mod order;
mod owner;
mod pack;
mod partitions;
mod phrases;
mod picks;
mod relation;
mod reown;
pub mod report;
mod role;
mod select;
mod settle;
mod source;
mod stamps;
mod suits;
mod told;
mod tuples;
mod types;
mod unique;
mod verdicts;
mod volumes;

pub use derived::Derived;
pub use discount::DiscountKind;
pub(in crate::engine) use mentions::columns_in;

pub(in crate::engine) use facts::is_prose;
pub use inputs::{Inputs, TableState};
pub use memberships::Membership;
pub use pack::Ballot;
pub use partitions::Leaf;
pub use relation::*;
pub use source::*;
pub use types::*;
