//! Lines of psql for clients that have no files on the server.

use super::quote::{psql_argument, psql_file};
use super::statement::{Format, join, options, query};
use super::table::{Table, file_names};

/// A `\copy` line a table. psql reads such a line to its end and replaces no variables in it.
///
/// For the bytes of the server's files a session also needs [`super::SETTINGS`]. A name that itself holds a line end
/// cannot stand in such a line, nor as `u&""`, which psql takes apart: there the line is a `\warn` that says so.
pub fn copy_commands(tables: &[Table], directory: &str) -> Vec<String> {
    let names = file_names(tables);
    tables.iter().zip(names).filter_map(|(table, name)| Some(command(&query(table, None).ok()?, table, &join(directory, &name)))).collect()
}

fn command(query: &str, table: &Table, path: &str) -> String {
    let names = [&table.schema, &table.name].into_iter().chain(table.columns.iter().map(|column| &column.name));
    if names.chain([&path.to_owned()]).any(|name| name.contains(['\n', '\r'])) {
        let message = format!("{} is not written: \\copy cannot name it in one line", table.qualified).replace(['\n', '\r'], " ");
        return format!("\\warn {}", psql_argument(&message));
    }
    format!("\\copy ({}) to {} with ({})", query.replace('\n', " "), psql_file(path), options(&Format::default()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::table::tables;
    use super::*;

    fn one(name: &str) -> Vec<Table> {
        tables(&json!([{"oid": 1, "schema": "s", "name": name, "qualified": format!("s.\"{name}\""), "partitioned": false, "key": ["k"],
            "columns": [{"name": "k", "type": "text", "textual": true, "integer": false}]}]))
        .expect("the document is well formed")
    }

    #[test]
    fn a_table_is_one_line() {
        assert_eq!(
            copy_commands(&one("a b"), "/tmp/it's here"),
            ["\\copy (select stored.\"k\" from only s.\"a b\" as stored order by stored.\"k\" collate \"C\") \
              to '/tmp/it''s here/a b.csv' with (format csv, header true, delimiter ',', null '', encoding 'UTF8')"]
        );
    }

    #[test]
    fn a_name_with_a_line_end_is_told() {
        assert_eq!(copy_commands(&one("a'\nb"), "/tmp"), ["\\warn 's.\"a'' b\" is not written: \\\\copy cannot name it in one line'"]);
    }
}
