//! Names and strings for SQL and for psql, which reads a command to the end of the line.

/// An identifier on one line: quoted, with line ends as Unicode escapes, which only `u&""` can hold.
pub(crate) fn identifier(name: &str) -> String {
    let quoted = name.replace('"', "\"\"");
    if !quoted.contains(['\n', '\r']) {
        return format!("\"{quoted}\"");
    }
    let escaped = quoted.replace('\\', "\\\\").replace('\n', "\\000a").replace('\r', "\\000d");
    format!("u&\"{escaped}\"")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_on_one_line() {
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(identifier("a\n\\"), "u&\"a\\000a\\\\\"");
        assert_eq!(literal("it's\n"), "e'it''s\\n'");
        assert_eq!(psql_file("/a b/c'd"), "'/a b/c''d'");
    }
}
