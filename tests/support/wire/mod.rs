//! The engine's ports over a client connection: what lets the whole engine run in tests without a backend.
//!
//! Fields come as text, by the simple query protocol. The ledger is kept in memory.

mod parameters;
mod record;

use std::io::Write;

use postgres::{Client, SimpleQueryMessage};
use serde_json::Value as Json;
use synthgen::engine::catalog::names::quoted;
use synthgen::engine::error::Error;
use synthgen::engine::port::{CopyTarget, Database, DatabaseError, Fields, Path, RowSink, RowSource};

use parameters::{literal, with_parameters};
pub(crate) use record::Record;

/// How values are printed: what the engine reads values back by.
const FORMATS: &str = "
set datestyle = 'ISO, YMD';
set timezone = 'UTC';
set intervalstyle = 'postgres';
set extra_float_digits = 1;
set bytea_output = 'hex';
set lc_monetary = 'C'";

const PINNED: &str = "pg_catalog, pg_temp";

/// A connection as the engine sees a database: in one transaction, as a backend's call is.
pub(crate) struct Wire {
    client: Client,
    /// The caller's own search_path.
    search_path: String,
    savepoints: u32,
    /// What the run told and noted.
    pub(crate) record: Record,
}

impl Wire {
    /// Takes over a connection; its search_path of the moment is the caller's. Opens a transaction, which is
    /// rolled back when this is dropped.
    pub(crate) fn new(mut client: Client) -> Self {
        client.batch_execute(FORMATS).expect("every role may set formats");
        let row = client.query_one("show search_path", &[]).expect("a setting can be shown");
        client.batch_execute("begin").expect("a transaction can begin");
        Self { client, search_path: row.get(0), savepoints: 0, record: Record::default() }
    }

    fn under<T>(&mut self, path: Path, work: impl FnOnce(&mut Client) -> Result<T, Error>) -> Result<T, Error> {
        if path == Path::Caller {
            return work(&mut self.client);
        }
        self.set_path(PINNED)?;
        let outcome = work(&mut self.client)?;
        self.set_path(&self.search_path.clone())?;
        Ok(outcome)
    }

    /// For this transaction: rolling back to a savepoint puts it back too.
    fn set_path(&mut self, path: &str) -> Result<(), Error> {
        self.run(&format!("select pg_catalog.set_config('search_path', {}, true)", literal(Some(path))))
    }

    fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.client.batch_execute(sql).map_err(|error| refusal(&error))
    }
}

impl Database for Wire {
    fn document(&mut self, path: Path, sql: &str, parameters: &Fields) -> Result<Json, Error> {
        let mut text = None;
        self.rows(path, sql, parameters, &mut |fields| {
            text = fields[0].map(str::to_owned);
            Ok(())
        })?;
        Ok(serde_json::from_str(text.as_deref().unwrap_or("null")).expect("the query returns JSON"))
    }

    fn rows(
        &mut self,
        path: Path,
        sql: &str,
        parameters: &Fields,
        each: &mut dyn FnMut(&Fields) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let sql = with_parameters(sql, parameters);
        self.under(path, |client| {
            let mut count = 0;
            for message in client.simple_query(&sql).map_err(|error| refusal(&error))? {
                if let SimpleQueryMessage::Row(row) = message {
                    count += 1;
                    each(&(0..row.len()).map(|place| row.get(place)).collect::<Vec<_>>())?;
                }
            }
            Ok(count)
        })
    }

    fn execute(&mut self, path: Path, sql: &str, parameters: &Fields) -> Result<u64, Error> {
        let sql = with_parameters(sql, parameters);
        self.under(path, |client| {
            let messages = client.simple_query(&sql).map_err(|error| refusal(&error))?;
            let counts = messages.iter().map(|message| if let SimpleQueryMessage::CommandComplete(count) = message { *count } else { 0 });
            Ok(counts.sum())
        })
    }

    fn savepoint(&mut self) -> Result<(), Error> {
        self.savepoints += 1;
        self.run(&format!("savepoint wire_{}", self.savepoints))
    }

    fn release(&mut self) -> Result<(), Error> {
        self.savepoints -= 1;
        self.run(&format!("release savepoint wire_{}", self.savepoints + 1))
    }

    fn rollback(&mut self) -> Result<(), Error> {
        self.savepoints -= 1;
        let name = format!("wire_{}", self.savepoints + 1);
        self.run(&format!("rollback to savepoint {name}; release savepoint {name}"))
    }
}

impl RowSink for Wire {
    fn copy(&mut self, target: &CopyTarget, source: &mut dyn RowSource) -> Result<u64, Error> {
        let columns: Vec<String> = target.columns.iter().map(|column| quoted(column)).collect();
        let sql = format!("copy {} ({}) from stdin (encoding 'UTF8')", target.name, columns.join(", "));
        let mut writer = self.client.copy_in(&sql).map_err(|error| refusal(&error))?;
        let mut buffer = Vec::new();
        // A refusal that comes while rows are still sent is told again at the end.
        while source.fill(&mut buffer)? > 0 && writer.write_all(&buffer).is_ok() {
            buffer.clear();
        }
        writer.finish().map_err(|error| refusal(&error))
    }
}

fn refusal(error: &postgres::Error) -> Error {
    let Some(cause) = error.as_db_error() else { panic!("the connection failed: {error:?}") };
    let own = |text: Option<&str>| text.map(str::to_owned);
    DatabaseError {
        sqlstate: cause.code().code().to_owned(),
        message: cause.message().to_owned(),
        detail: own(cause.detail()),
        hint: own(cause.hint()),
        context: own(cause.where_()),
        constraint: own(cause.constraint()),
        column: own(cause.column()),
        table: own(cause.table()),
        line: cause.where_().and_then(|context| copy_line(context, cause.table())),
    }
    .into()
}

/// The line that `COPY t, line 42: ..` names; only where the error itself names no other table.
fn copy_line(context: &str, table: Option<&str>) -> Option<u64> {
    let copied = context.lines().find_map(|line| line.strip_prefix("COPY "))?;
    let (name, rest) = copied.split_once(", line ")?;
    let digits = rest.split(|character: char| !character.is_ascii_digit()).next()?;
    (table.is_none_or(|table| table == name)).then(|| digits.parse().ok())?
}
