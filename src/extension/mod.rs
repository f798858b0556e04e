//! The door through which a PostgreSQL backend uses the engine; the only place that knows pgrx.

mod arguments;
mod backend;
mod call;
mod compat;
mod config;
mod copy;
mod database;
mod datum;
mod error;
mod export;
mod functions;
mod generate;
mod insert;
mod install;
mod ledger;
mod memory;
mod model;
mod observer;
#[cfg(feature = "pg_test")]
mod probe;
mod reference;
mod relation;
mod rights;
mod rules;
mod savepoint;
mod session;
mod settings;
mod spi;
mod steps;
mod text;
mod verify;
mod vocabulary;

use pgrx::prelude::*;

pgrx::pg_module_magic!();

/// Called by PostgreSQL when the library is loaded into a backend.
#[pg_guard]
pub extern "C-unwind" fn _PG_init() {
    settings::define();
}
