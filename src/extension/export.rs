//! `export_csv` and `copy_commands`: the statements of `crate::export`, run as the caller.

use serde_json::json;

use crate::engine::catalog;
use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Path};
use crate::export::{self, File, Format, Table};
use crate::extension::backend::Backend;
use crate::extension::session::Session;

/// A file that was written.
pub(super) struct Written {
    pub(super) table: String,
    pub(super) path: String,
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

/// Writes a file a table; PostgreSQL itself asks whether the caller may write on the server.
pub(super) fn files(world: &mut Backend, target: &str, directory: &str, run: Option<i64>, format: &Format) -> Result<Vec<Written>, Error> {
    let tables = tables(world, target)?;
    let _settings = Session::with(export::SETTINGS)?;
    export::server_files(&tables, directory, run, format).into_iter().map(|file| write(world, file)).collect()
}

/// Lines of psql that write the same files at the client.
pub(super) fn lines(world: &mut Backend, target: &str, directory: &str) -> Result<Vec<String>, Error> {
    Ok(export::copy_commands(&tables(world, target)?, directory))
}

fn tables(world: &mut Backend, target: &str) -> Result<Vec<Table>, Error> {
    let schemas = json!(catalog::schemas(world, target)?).to_string();
    let document = world.document(Path::Pinned, export::TABLES, &[Some(&schemas)])?;
    export::tables(&document).map_err(|error| Error::new(sqlstate::INTERNAL, error.to_string()))
}

fn write(world: &mut Backend, file: File) -> Result<Written, Error> {
    let statement = file.statement.map_err(|reason| cannot(&file.table, reason))?;
    let rows = world.execute(Path::Caller, &statement, &[])?;
    // The server wrote the file a moment ago on behalf of this caller, so its length is no secret.
    let bytes = std::fs::metadata(&file.path).map(|file| file.len()).map_err(|error| cannot(&file.table, error.to_string()))?;
    Ok(Written { table: file.table, path: file.path, rows, bytes })
}

fn cannot(table: &str, reason: String) -> Error {
    Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, format!("could not export {table}")).detail(reason)
}
