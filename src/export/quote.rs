//! Names and strings for SQL and for psql, which reads a command to the end of the line.

/// An identifier, quoted whether it needs it or not.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string for SQL that means the same under either setting of `standard_conforming_strings`.
pub(crate) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains(['\\', '\n', '\r']) {
        format!("e'{}'", quoted.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r"))
    } else {
        format!("'{quoted}'")
    }
}

/// A file's name for `\copy`, which knows no escape but the doubled quote.
pub(crate) fn psql_file(path: &str) -> String {
    format!("'{}'", path.replace('\'', "''"))
}

/// Text for the other commands of psql, which read escapes as C does.
pub(crate) fn psql_argument(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("it's\n"), "e'it''s\\n'");
        assert_eq!(psql_file("/a b/c'd"), "'/a b/c''d'");
    }
}
