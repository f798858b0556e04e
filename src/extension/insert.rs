//! The sink for tables that take no COPY inside the backend (row security, Citus, Timescale): the same rows by INSERT.
//!
//! Each value is written as a literal, which PostgreSQL hands to the column type's input function, just as COPY
//! does: an explicit cast would cut a long text in silence.

use crate::engine::error::{Error, sqlstate};
use crate::engine::port::{CopyTarget, RowSource};
use crate::extension::spi::Spi;

/// Rows of one statement.
const ROWS: usize = 500;

/// Sends all rows of the source; returns how many were stored.
pub(super) fn rows(target: &CopyTarget, source: &mut dyn RowSource) -> Result<u64, Error> {
    let head = head(target);
    let (mut text, mut stored) = (Vec::new(), 0);
    loop {
        text.clear();
        let last = source.fill(&mut text)? == 0 && text.is_empty();
        if last {
            return Ok(stored);
        }
        stored += send(&head, &text)?;
    }
}

fn send(head: &str, text: &[u8]) -> Result<u64, Error> {
    let text = std::str::from_utf8(text).map_err(|_| Error::new(sqlstate::INTERNAL, "a row source returned bytes that are not UTF-8"))?;
    let lines: Vec<&str> = text.split_terminator('\n').collect();
    let mut stored = 0;
    for chunk in lines.chunks(ROWS) {
        pgrx::check_for_interrupts!();
        let rows: Vec<String> = chunk.iter().map(|line| row(line)).collect();
        stored += Spi::connect()?.execute(&format!("{head}{}", rows.join(",\n")), &[])?;
    }
    Ok(stored)
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
