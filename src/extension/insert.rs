//! The sink for tables that take no COPY inside the backend (row security, Citus, Timescale): the same rows by INSERT.
//!
//! Each value is written as a literal, which PostgreSQL hands to the column type's input function, just as COPY
//! does: an explicit cast would cut a long text in silence.

use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{CopyTarget, Database, RowSource};
use crate::extension::backend::Backend;
use crate::extension::spi::Spi;

/// Rows of one statement.
const ROWS: usize = 500;

/// Sends all rows of the source; returns how many were stored. A refusal tells the line of its row, as COPY does.
pub(super) fn rows(world: &mut Backend, target: &CopyTarget, source: &mut dyn RowSource) -> Result<u64, Error> {
    let mut load = Load { head: head(target), sent: 0, statement: Vec::new() };
    world.savepoint()?;
    match load.all(world, source) {
        Ok(stored) => world.release().map(|()| stored),
        Err(error) => {
            world.rollback()?;
            Err(load.with_line(world, error)?)
        }
    }
}

/// A load under way.
struct Load {
    head: String,
    /// Rows of the statements that passed.
    sent: u64,
    /// The rows of the statement under way.
    statement: Vec<String>,
}

impl Load {
    fn all(&mut self, world: &mut Backend, source: &mut dyn RowSource) -> Result<u64, Error> {
        let (mut text, mut stored) = (Vec::new(), 0);
        loop {
            text.clear();
            let last = source.fill(&mut text)? == 0 && text.is_empty();
            if last {
                return Ok(stored);
            }
            stored += self.send(world, &text)?;
        }
    }

    fn send(&mut self, world: &mut Backend, text: &[u8]) -> Result<u64, Error> {
        let text =
            std::str::from_utf8(text).map_err(|_| Error::new(sqlstate::INTERNAL, "a row source returned bytes that are not UTF-8"))?;
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        let mut stored = 0;
        for chunk in lines.chunks(ROWS) {
            pgrx::check_for_interrupts!();
            self.statement = chunk.iter().map(|line| row(line)).collect();
            stored += self.insert(world, &self.statement.join(",\n"))?;
            self.sent += self.statement.len() as u64;
        }
        Ok(stored)
    }

    fn insert(&self, world: &mut Backend, rows: &str) -> Result<u64, Error> {
        world.attempt(|| Spi::connect()?.execute(&format!("{}{rows}", self.head), &[]))
    }

    /// The refusal with its line: the rows of the refused statement are sent again one by one, and undone, until one
    /// is refused. None is where they were refused for a row of an earlier statement.
    fn with_line(&self, world: &mut Backend, error: Error) -> Result<Error, Error> {
        let Error::Database(mut refusal) = error else { return Ok(error) };
        world.savepoint()?;
        let refused = self.statement.iter().position(|row| self.insert(world, row).is_err());
        world.rollback()?;
        refusal.line = refused.map(|place| self.sent + place as u64 + 1);
        Ok(Error::Database(refusal))
    }
}

/// `OVERRIDING SYSTEM VALUE`: as COPY does, it stores given keys into GENERATED ALWAYS columns too.
fn head(target: &CopyTarget) -> String {
    let columns: Vec<String> = target.columns.iter().map(|column| identifier(column)).collect();
    format!("insert into {} ({}) overriding system value values\n", target.name, columns.join(", "))
}

fn row(line: &str) -> String {
    let values: Vec<String> = line.split('\t').map(literal).collect();
    format!("({})", values.join(", "))
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A field of COPY text as an SQL literal.
fn literal(field: &str) -> String {
    if field == "\\N" {
        return "null".to_owned();
    }
    let value = unescape(field).replace('\'', "''");
    if value.contains('\\') { format!("E'{}'", value.replace('\\', "\\\\")) } else { format!("'{value}'") }
}

/// Undoes COPY's escapes, of which the engine writes the one-letter ones only.
fn unescape(field: &str) -> String {
    let mut value = String::with_capacity(field.len());
    let mut letters = field.chars();
    while let Some(letter) = letters.next() {
        value.push(match letter {
            '\\' => letters.next().map_or('\\', control),
            other => other,
        });
    }
    value
}

fn control(letter: char) -> char {
    match letter {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{literal, row};

    #[test]
    fn copy_text_becomes_literals() {
        assert_eq!(row("7\t\\N\tit's"), "('7', null, 'it''s')");
        assert_eq!(literal("a\\tb\\nc"), "'a\tb\nc'");
        assert_eq!(literal("c:\\\\x"), "E'c:\\\\x'");
        assert_eq!(literal("\\\\N"), "E'\\\\N'");
    }
}
