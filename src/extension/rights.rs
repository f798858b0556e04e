//! Who may write and who may store rules, beyond what PostgreSQL asks by itself.

use std::ffi::CStr;

use pgrx::pg_sys;
use serde_json::json;

use crate::engine::catalog::Catalog;
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Path};
use crate::extension::backend::Backend;
use crate::extension::settings::ALLOW;
use crate::extension::text;

const OWNS: &str = include_str!("../../sql/rights/owns.sql");

/// Fails where a superuser has switched writing off for this database, and where PostgreSQL lets nobody write.
pub(super) fn writing(function: &'static CStr) -> Result<(), Error> {
    if ALLOW.get() {
        return refuse_read_only(function);
    }
    Err(Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, "synthgen may not write in this database")
        .detail("The setting synthgen.allow is off.")
        .hint("A superuser can change it, for example by ALTER DATABASE .. SET synthgen.allow = on."))
}

fn refuse_read_only(function: &'static CStr) -> Result<(), Error> {
    // SAFETY: a constant string; raises on a standby.
    unsafe { pg_sys::PreventCommandDuringRecovery(function.as_ptr()) };
    // SAFETY: reads a process global.
    if unsafe { pg_sys::XactReadOnly } {
        // PostgreSQL's own words, with what would help.
        let message = format!("cannot execute {} in a read-only transaction", text::lossy(function));
        return Err(Error::new(sqlstate::READ_ONLY, message)
            .detail("The transaction was begun READ ONLY, or default_transaction_read_only is on.")
            .hint("plan, explain, preview and verify only read; to write, begin a transaction READ WRITE."));
    }
    // SAFETY: a constant string; raises in a parallel worker or under one.
    unsafe { pg_sys::PreventCommandIfParallelMode(function.as_ptr()) };
    Ok(())
}

/// Fails unless the caller owns every schema of the target or every one of the tables (by index in the catalog).
pub(super) fn storing(world: &mut Backend, catalog: &Catalog, tables: impl Iterator<Item = usize>) -> Result<(), Error> {
    let tables: Vec<u32> = tables.filter_map(|table| catalog.tables.get(table)).map(|table| table.oid).collect();
    let parameters = [json!(catalog.schemas).to_string(), json!(tables).to_string()];
    let mut owns = false;
    world.rows(Path::Pinned, OWNS, &parameters.each_ref().map(|text| Some(text.as_str())), &mut |fields| {
        owns = fields.first() == Some(&Some("t"));
        Ok(())
    })?;
    if owns { Ok(()) } else { Err(not_owner(catalog)) }
}

fn not_owner(catalog: &Catalog) -> Error {
    let schemas = catalog.schemas.join(", ");
    Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, format!("permission denied to store rules or reference rows for {schemas}"))
        .detail("They decide what everybody's calls write, so only owners store them.")
        .hint("The owner of the schema, or of every table they speak of, may.")
}
