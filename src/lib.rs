//! synthgen: synthetic data for PostgreSQL, as an extension.
//!
//! `engine` decides what every row holds and never touches a server; `extension` is the door
//! through which a backend uses it; `verify` counts what is broken, by SQL alone.

pub mod engine;
