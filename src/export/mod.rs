//! Writes tables as CSV: statements for files on the server, lines for clients without one.
//!
//! A door runs [`TABLES`], hands the document to [`tables`] and gets a [`File`] a table. PostgreSQL itself
//! asks for the right to write files. The bytes depend on [`SETTINGS`], which a door sets and restores.

mod client;
mod quote;
pub mod run;
mod statement;
mod table;

pub use client::copy_commands;
pub use statement::{File, Format, server_files};
pub use table::{Error, Table, tables};

/// The catalog query: one JSON array. `$1` is a JSON array of schema names; runs under `pg_catalog, pg_temp`.
pub const TABLES: &str = include_str!("../../sql/export/tables.sql");

/// What the text of a value depends on besides the value.
pub const SETTINGS: &[(&str, &str)] = &[
    ("TimeZone", "UTC"),
    ("DateStyle", "ISO, MDY"),
    ("IntervalStyle", "postgres"),
    ("extra_float_digits", "1"),
    ("bytea_output", "hex"),
    ("xmlbinary", "base64"),
    ("lc_monetary", "C"),
];
