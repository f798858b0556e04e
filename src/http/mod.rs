//! The one HTTP client for language models, shared by every door. Knows nothing of PostgreSQL and starts no thread.
//!
//! `carry` drives a dialogue of the engine; `Client` sends its questions and hands back one landed reply after the
//! other; `Keeper` is what a door does with them: look up, keep, record.

mod address;
mod attempt;
mod body;
mod budget;
mod carry;
mod client;
mod dialect;
mod gate;
mod ladder;
mod retry;
mod secret;
mod usage;

pub use address::Address;
pub use budget::Budget;
pub use carry::{Exchange, Keeper, carry};
pub use client::{Client, Fault, FaultKind, Landed, Limits, Request};
pub use dialect::{Dialect, Reply};
pub use secret::Secret;
pub use usage::{Usage, estimated_tokens};
