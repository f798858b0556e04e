//! The door through which a PostgreSQL backend uses the engine; the only place that knows pgrx.

mod backend;
mod compat;
mod copy;
mod database;
mod error;
mod insert;
mod memory;
mod observer;
#[cfg(feature = "pg_test")]
mod probe;
mod relation;
mod savepoint;
mod session;
mod settings;
mod spi;
mod text;

use pgrx::prelude::*;

pgrx::pg_module_magic!();

/// Called by PostgreSQL when the library is loaded into a backend.
#[pg_guard]
pub extern "C-unwind" fn _PG_init() {
    settings::define();
}
