//! synthgen: synthetic data for PostgreSQL, as an extension.
//!
//! `engine` decides what every row holds and never touches a server; `extension` is the door
//! through which a backend uses it; `verify` counts what is broken, by SQL alone; `export` writes tables
//! as files and `ledger` remembers runs, both as SQL that a door runs; `http` reaches a language model, and
//! `journal` keeps what it was paid for.

pub mod engine;
pub mod export;
pub mod http;
pub mod journal;
pub mod ledger;
pub mod verify;

#[cfg(any(feature = "pg13", feature = "pg14", feature = "pg15", feature = "pg16", feature = "pg17", feature = "pg18"))]
mod extension;

/// What `cargo pgrx test` asks of the crate's root.
#[cfg(all(
    feature = "pg_test",
    any(feature = "pg13", feature = "pg14", feature = "pg15", feature = "pg16", feature = "pg17", feature = "pg18")
))]
pub mod pg_test {
    /// Nothing is prepared before the test cluster starts.
    pub fn setup(_options: Vec<&str>) {}

    /// The test cluster runs with its defaults.
    pub fn postgresql_conf_options() -> Vec<&'static str> {
        Vec::new()
    }
}
