//! COPY statements that write files on the server.

use super::quote::{identifier, literal};
use super::table::{Column, Table, file_names, stored};

/// How the files are written.
#[derive(Debug, Clone)]
pub struct Format {
    /// With a line of column names.
    pub header: bool,
    /// Between two fields, one byte; PostgreSQL refuses what it cannot be.
    pub delimiter: String,
    /// What stands for NULL.
    pub null: String,
}

impl Default for Format {
    fn default() -> Self {
        Self { header: true, delimiter: ",".into(), null: String::new() }
    }
}

/// A table's file.
#[derive(Debug, Clone)]
pub struct File {
    /// The table, quoted and schema-qualified.
    pub table: String,
    /// The file's path.
    pub path: String,
    /// The COPY that writes it and whose row count is the file's; `Err` says why there is none.
    pub statement: Result<String, String>,
}

/// A file for each table, with all of its rows or with those of one of the caller's runs.
pub fn server_files(tables: &[Table], directory: &str, run: Option<i64>, format: &Format) -> Vec<File> {
    let names = file_names(tables);
    tables
        .iter()
        .zip(names)
        .map(|(table, name)| {
            let path = join(directory, &name);
            let statement = query(table, run).map(|query| copy_statement(&query, &path, format));
            File { table: table.qualified.clone(), path, statement }
        })
        .collect()
}

fn copy_statement(query: &str, path: &str, format: &Format) -> String {
    format!("copy ({query})\nto {} with ({})", literal(path), options(format))
}

/// The options of COPY, the same for both sides.
pub(crate) fn options(format: &Format) -> String {
    format!(
        "format csv, header {}, delimiter {}, null {}, encoding 'UTF8'",
        format.header,
        literal(&format.delimiter),
        literal(&format.null)
    )
}

/// The directory and the name with one slash between them.
pub(crate) fn join(directory: &str, name: &str) -> String {
    format!("{}/{name}", directory.trim_end_matches('/'))
}

/// The query whose rows a file holds.
pub(crate) fn query(table: &Table, run: Option<i64>) -> Result<String, String> {
    let Some(run) = run else {
        return Ok(fill(include_str!("../../sql/export/table.sql"), table, &[]));
    };
    let key: Vec<&Column> = table.key_columns().collect();
    if key.is_empty() {
        return Err("it has no primary key, so no run's rows can be told from others".into());
    }
    let list = |part: &dyn Fn(usize, &Column) -> String| -> String {
        key.iter().enumerate().map(|(place, column)| part(place, column)).collect::<Vec<_>>().join(", ")
    };
    let in_block = match key[..] {
        [column] if column.integer => include_str!("../../sql/export/in_block.sql").trim_end().replace("{key}", &identifier(&column.name)),
        _ => String::new(),
    };
    let values = [
        ("run", run.to_string()),
        ("oid", table.oid.to_string()),
        ("typed", list(&|place, column| format!("(listed.parts ->> {place})::{} as part_{place}", column.data_type))),
        ("parts", list(&|place, _| format!("part_{place}"))),
        ("key", list(&|_, column| stored(&column.name))),
        ("in_block", in_block),
    ];
    Ok(fill(include_str!("../../sql/export/run_rows.sql"), table, &values))
}

/// The template without its comment lines, each `{name}` replaced in one pass: names of columns may hold braces.
fn fill(template: &str, table: &Table, values: &[(&str, String)]) -> String {
    let common = [("columns", table.column_list()), ("scanned", table.source()), ("sorted_by", table.order())];
    let text = template.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        if let Some((_, value)) = values.iter().chain(&common).find(|(known, _)| *known == name) {
            filled.push_str(value);
        }
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::table::tables;
    use super::*;

    fn two() -> Vec<Table> {
        tables(&json!([
            {"oid": 1, "schema": "s", "name": "a{b}", "qualified": "s.\"a{b}\"", "partitioned": false, "key": ["k"], "columns": [
                {"name": "k", "type": "bigint", "textual": false, "integer": true},
                {"name": "{sorted_by}", "type": "text", "textual": true, "integer": false}]},
            {"oid": 2, "schema": "s", "name": "log", "qualified": "s.log", "partitioned": true, "key": [], "columns": [
                {"name": "j", "type": "json", "textual": false, "integer": false}]}]))
        .expect("the documents are well formed")
    }

    #[test]
    fn a_file_holds_all_columns_in_key_order() {
        let files = server_files(&two(), "/tmp/o'ut/", None, &Format::default());
        let statement = files[0].statement.as_ref().expect("a statement");
        assert_eq!(
            statement,
            "copy (select stored.\"k\", stored.\"{sorted_by}\"\nfrom only s.\"a{b}\" as stored\norder by stored.\"k\")\n\
             to '/tmp/o''ut/a{b}.csv' with (format csv, header true, delimiter ',', null '', encoding 'UTF8')"
        );
    }

    #[test]
    fn without_a_key_rows_are_ordered_by_their_text() {
        let files = server_files(&two(), "/tmp", None, &Format::default());
        let statement = files[1].statement.as_ref().expect("a statement");
        assert!(statement.contains("from s.log as stored\norder by stored.\"j\"::text collate \"C\""), "{statement}");
    }

    #[test]
    fn a_run_without_keys_is_refused_with_the_reason() {
        let files = server_files(&two(), "/tmp", Some(3), &Format::default());
        let statement = files[0].statement.as_ref().expect("a statement");
        for piece in
            ["run_id = 3 and table_oid = 1", "from only s.\"a{b}\" as stored", "order by stored.\"k\")", "(stored.\"k\") in (select part_0"]
        {
            assert!(statement.contains(piece), "{statement}");
        }
        assert!(files[1].statement.is_err());
    }

    #[test]
    fn the_schema_is_in_the_name_where_there_are_two() {
        let mut tables = two();
        tables[1].schema = "t".into();
        assert_eq!(file_names(&tables), ["s.a{b}.csv", "t.log.csv"]);
    }
}
