//! `export_csv` and `copy_commands`: the statements of `crate::export`, run as the caller.

use serde_json::{Value as Json, json};

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
    if let Some(run) = run {
        must_exist(world, run)?;
    }
    let _settings = Session::with(export::SETTINGS)?;
    export::server_files(&tables, directory, run, format).into_iter().map(|file| write(world, file)).collect()
}

fn must_exist(world: &mut Backend, run: i64) -> Result<(), Error> {
    let found =
        world.rows(Path::Pinned, "select from synthgen.run where run_id = $1::bigint", &[Some(&run.to_string())], &mut |_| Ok(()))?;
    if found > 0 {
        return Ok(());
    }
    Err(Error::new("P0002", format!("there is no run {run}")).hint("The view synthgen.run shows the runs of roles whose rights you have."))
}

/// Lines of psql that write the same files at the client.
pub(super) fn lines(world: &mut Backend, target: &str, directory: &str) -> Result<Vec<String>, Error> {
    Ok(export::copy_commands(&tables(world, target)?, directory))
}

/// Writes a run's folder: its documents and traces, and its rows as CSV. Returns the files' paths and lengths.
pub(super) fn run(world: &mut Backend, run_id: i64, directory: &str) -> Result<Vec<(String, u64)>, Error> {
    may_write(world)?;
    let mut document = Json::Null;
    world.rows(Path::Pinned, export::run::RUN, &[Some(&run_id.to_string())], &mut |fields| {
        document = fields.first().copied().flatten().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        Ok(())
    })?;
    if document.is_null() {
        return Err(Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, format!("there is no run {run_id}"))
            .hint("The view synthgen.run shows the runs of roles whose rights you have."));
    }
    let folder = std::path::Path::new(directory).join(export::run::folder(&document));
    make_folder(&folder)?;
    for name in export::run::FOLDERS {
        make_folder(&folder.join(name))?;
    }
    let mut written = Vec::new();
    for (name, contents) in export::run::files(&document) {
        let path = folder.join(name);
        std::fs::write(&path, &contents).map_err(|error| cannot(&path.display().to_string(), error.to_string()))?;
        written.push((path.display().to_string(), contents.len() as u64));
    }
    let format = Format { header: true, delimiter: ",".into(), null: String::new() };
    let outputs = folder.join("outputs");
    let rows = files(world, export::run::target(&document), &outputs.display().to_string(), Some(run_id), &format)?;
    written.extend(rows.into_iter().map(|file| (file.path, file.bytes)));
    Ok(written)
}

/// What COPY TO a file asks for: the folder's files are written by us.
fn may_write(world: &mut Backend) -> Result<(), Error> {
    let mut may = false;
    world.rows(Path::Pinned, export::run::MAY_WRITE, &[], &mut |fields| {
        may = fields.first() == Some(&Some("t"));
        Ok(())
    })?;
    if may {
        return Ok(());
    }
    Err(Error::new(sqlstate::INSUFFICIENT_PRIVILEGE, "permission denied to write files of the server")
        .hint("Only roles with the rights of pg_write_server_files may write a run's folder."))
}

/// A folder that was not there before: nothing is written over.
fn make_folder(path: &std::path::Path) -> Result<(), Error> {
    if path.is_relative() {
        return Err(Error::new(sqlstate::INVALID_PARAMETER, "the directory must be an absolute path of the server"));
    }
    std::fs::create_dir(path).map_err(|error| {
        Error::new(sqlstate::NOT_IN_PREREQUISITE_STATE, format!("cannot make the folder {}", path.display())).detail(error.to_string())
    })
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
