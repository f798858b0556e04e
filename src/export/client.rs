//! Lines of psql for clients that have no files on the server.

use super::quote::psql_file;
use super::statement::{Format, join, options, query};
use super::table::{Table, file_names};

/// A `\copy` line a table. psql reads such a line to its end and replaces no variables in it.
///
/// For the bytes of the server's files a session also needs [`super::SETTINGS`].
pub fn copy_commands(tables: &[Table], directory: &str) -> Vec<String> {
    let names = file_names(tables);
    tables
        .iter()
        .zip(names)
        .filter_map(|(table, name)| {
            let query = query(table, None).ok()?.replace('\n', " ");
            let path = psql_file(&join(directory, &name));
            Some(format!("\\copy ({query}) to {path} with ({})", options(&Format::default())))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::table::tables;
    use super::*;

    #[test]
    fn a_table_is_one_line() {
        let tables = tables(&json!([{"oid": 1, "schema": "s", "name": "a\nb", "partitioned": false, "key": ["k"],
            "columns": [{"name": "k", "type": "text", "textual": true, "integer": false}]}]))
        .expect("the document is well formed");
        assert_eq!(
            copy_commands(&tables, "/tmp/it's here"),
            ["\\copy (select stored.\"k\" from only \"s\".u&\"a\\000ab\" as stored order by stored.\"k\" collate \"C\") \
              to '/tmp/it''s here/a_b.csv' with (format csv, header true, delimiter ',', null '', encoding 'UTF8')"]
        );
    }
}
