//! The database that is read and filled, by SPI in the caller's transaction and with the caller's rights.

use serde_json::Value as Json;

use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{Database, Fields, Path};
use crate::extension::backend::Backend;
use crate::extension::session::Session;
use crate::extension::spi::Spi;

impl Database for Backend {
    fn document(&mut self, path: Path, sql: &str, parameters: &Fields) -> Result<Json, Error> {
        let mut document = Json::Null;
        self.rows(path, sql, parameters, &mut |fields| {
            if let Some(text) = fields.first().copied().flatten() {
                document = serde_json::from_str(text).map_err(|error| not_json(&error))?;
            }
            Ok(())
        })?;
        Ok(document)
    }

    fn rows(
        &mut self,
        path: Path,
        sql: &str,
        parameters: &Fields,
        each: &mut dyn FnMut(&Fields) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        self.attempt(|| under(path, |spi| spi.rows(sql, parameters, each)))
    }

    fn execute(&mut self, path: Path, sql: &str, parameters: &Fields) -> Result<u64, Error> {
        self.attempt(|| under(path, |spi| spi.execute(sql, parameters)))
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.savepoints.open()
    }

    fn release(&mut self) -> Result<(), Error> {
        self.savepoints.release()
    }

    fn rollback(&mut self) -> Result<(), Error> {
        self.savepoints.rollback()
    }
}

fn under<T>(path: Path, work: impl FnOnce(&Spi) -> Result<T, Error>) -> Result<T, Error> {
    let _settings = (path == Path::Pinned).then(Session::pinned);
    let spi = Spi::connect()?;
    work(&spi)
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::new(sqlstate::INTERNAL, format!("a query for a document returned something else: {error}"))
}
