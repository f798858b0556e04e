//! Tests that drive the installed extension in a private PostgreSQL, over the wire.
//!
//! All are one program, so that it links once and starts one cluster; a file here holds one subject. `make test` runs
//! them all. While working on one:
//!
//! ```sh
//! export SYNTHGEN_TEST_PG_CONFIG="$(make -s test-server)"      # builds and installs the extension as it is now
//! cargo test --features cluster_tests --test cluster -- extension::            # one file
//! cargo test --features cluster_tests --test cluster -- extension::makes_its_schema --exact
//! ```
//!
//! `SYNTHGEN_TEST_KEEP=1` leaves the cluster's directory, with its log, behind; its name is printed.

#[path = "../model_server/mod.rs"]
mod model_server;
#[path = "../support/mod.rs"]
mod support;

mod append;
mod calls;
mod cancel;
mod catalog;
mod coherence;
mod config;
mod derived;
mod determinism;
mod encodings;
mod export;
mod extension;
mod gauntlet;
mod harness;
mod interruptions;
mod keys;
mod ledger;
mod loading;
mod model;
mod parts;
mod privacy;
mod random_checks;
mod refusals;
mod replay;
mod schemas;
mod session;
mod shop;
mod sink;
mod soak;
mod stall;
mod steps;
mod verify;
mod words;
mod writing;
